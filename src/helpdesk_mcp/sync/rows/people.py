"""The account, customers, contacts and contracts."""

from helpdesk_mcp.atera import wire
from helpdesk_mcp.store.payloads import Row
from helpdesk_mcp.sync.rows.values import day, needed


def account_row(record: wire.Account) -> Row:
    """Return a row of account."""
    zone = wire.account_zone(record.TimeZoneName)
    return {
        "id": needed(record.AccountID, "AccountID"),
        "name": record.CompanyName,
        "zone": None if zone is None else zone.key,
    }


def customer_row(record: wire.Customer) -> Row:
    """Return a row of customer."""
    return {
        "id": record.CustomerID,
        "name": record.CustomerName or "",
        "business_number": record.BusinessNumber,
        "domain": record.Domain,
        "address": record.Address,
        "city": record.City,
        "state": record.State,
        "country": record.Country,
        "zip_code": record.ZipCodeStr,
        "phone": record.Phone,
        "notes": record.Notes,
        "created_at": record.CreatedOn,
        "modified_at": record.LastModified,
    }


def contact_row(record: wire.Contact) -> Row:
    """Return a row of contact."""
    return {
        "id": record.EndUserID,
        "customer_id": record.CustomerID,
        "customer_name": record.CustomerName,
        "first_name": record.Firstname,
        "last_name": record.Lastname,
        "email": record.Email,
        "phone": record.Phone,
        "mobile": record.MobilePhone,
        "job_title": record.JobTitle,
        "department": record.DepartmentName,
        "is_main_contact": record.IsContactPerson,
        "is_ignored": record.InIgnoreMode,
        "is_archived": record.Archived,
        "default_machine_id": record.DefaultAgentId,
        "created_at": record.CreatedOn,
        "modified_at": record.LastModified,
    }


def contract_row(record: wire.Contract) -> Row:
    """Return a row of contract."""
    return {
        "id": record.ContractID,
        "customer_id": record.CustomerID,
        "customer_name": record.CustomerName,
        "name": record.ContractName,
        "kind": record.ContractType,
        "is_active": record.Active,
        "is_default": record.Default,
        "starts_on": day(record.StartDate),
        "ends_on": day(record.EndDate),
    }
