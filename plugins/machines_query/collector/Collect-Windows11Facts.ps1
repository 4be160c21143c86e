<#
.SYNOPSIS
    Prints one JSON line with what Windows 11 needs and Atera's inventory does not have.
.DESCRIPTION
    For Atera's script runner, as SYSTEM: without administrator rights the TPM cannot be asked. The line goes into the agent
    custom field "Win11 facts" (or what HELPDESK_MACHINES_QUERY_FACTS_FIELD names). It collects and judges nothing: the
    server judges, so that new rules need no new run. Reads only; needs no network and no key. Under 1,000 characters.

    A query that fails leaves its field out, because a field that is missing reads as "not known", while a wrong one would
    read as a finding.

    Not tested on Windows by its authors yet: run it on a few machines first and compare with what you know of them.
.NOTES
    Windows PowerShell 5.1 or later, Windows 8.1 or later for the disk's type (Get-PhysicalDisk).
#>
$ErrorActionPreference = 'Stop'
$facts = [ordered]@{ v = 2 }

function Add-Fact([string] $Name, [scriptblock] $Query) {
    try {
        $value = & $Query
        if ($null -ne $value -and "$value" -ne '') { $script:facts[$Name] = $value }
    } catch { Write-Verbose "$Name is not known: $_" }
}

# Processor: name and signature (family, model, stepping), which decides where the name does not.
Add-Fact cpu { (@(Get-CimInstance Win32_Processor)[0].Name).Trim() }
Add-Fact fms { @(Get-CimInstance Win32_Processor)[0].Caption }
Add-Fact arch { [int] @(Get-CimInstance Win32_Processor)[0].Architecture }
Add-Fact lp { [int] (Get-CimInstance Win32_Processor | Measure-Object NumberOfLogicalProcessors -Sum).Sum }
Add-Fact mhz { [int] @(Get-CimInstance Win32_Processor)[0].MaxClockSpeed }

# Memory that is fitted, in MiB: Windows can use less, which is what Atera reports.
Add-Fact ram { [int] ((Get-CimInstance Win32_PhysicalMemory | Measure-Object Capacity -Sum).Sum / 1MB) }

# TPM: an empty answer means that there is none; an error means that nobody knows.
Add-Fact tpm {
    $tpm = Get-CimInstance -Namespace root\CIMV2\Security\MicrosoftTpm -ClassName Win32_Tpm
    if ($tpm) { ($tpm.SpecVersion -split ',')[0].Trim() } else { 'none' }
}

# Secure Boot: off is enough, for the machine only has to be able to.
Add-Fact sb {
    try { if (Confirm-SecureBootUEFI) { 'on' } else { 'off' } }
    catch [System.PlatformNotSupportedException] { 'unsupported' }
}
Add-Fact fw { $env:firmware_type }

# The physical disk under the system volume: HDD or SSD, and how it is connected (NVMe, SATA, MMC ...).
$drive = $env:SystemDrive.TrimEnd(':')
$disk = $null
try {
    $number = (Get-Partition -DriveLetter $drive | Get-Disk).Number
    $disk = Get-PhysicalDisk | Where-Object { $_.DeviceId -eq "$number" } | Select-Object -First 1
} catch { Write-Verbose "The system disk is not known: $_" }
Add-Fact media { "$($disk.MediaType)" }
Add-Fact bus { "$($disk.BusType)" }

# Windows Update's own finding, where the compatibility appraiser has run.
Add-Fact mui {
    $key = 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion\AppCompatFlags\TargetVersionUpgradeExperienceIndicators'
    @(Get-ChildItem $key | ForEach-Object {
        $found = Get-ItemProperty $_.PSPath
        '{0}:{1}:{2}' -f $_.PSChildName, $found.UpgEx, ($found.RedReason -join '+')
    })
}

# Last, "at" first among them, what differs between machines that are otherwise alike: the server divides a fleet by what
# stands before "at". When it ran, the disk's model, and the size of the system volume in MiB.
Add-Fact at { Get-Date -Format s }
Add-Fact disk { $disk.FriendlyName }
Add-Fact sys { [int] ((Get-CimInstance Win32_LogicalDisk -Filter "DeviceID='$($drive):'").Size / 1MB) }

ConvertTo-Json -InputObject $facts -Compress
