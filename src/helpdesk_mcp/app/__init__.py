"""The composition root: settings become engines, plugins, a server or a worker. The only place that sees all layers.

One module for each thing a process can be, so that starting a server loads neither the worker nor its libraries.
"""
