"""Every property of a loss, one file each; importing this package registers them all."""

import importlib
import pkgutil

# Sorted, so that the registry has one order on every file system.
for _module in sorted(pkgutil.iter_modules(__path__), key=lambda found: found.name):
    importlib.import_module(f"losscheck.properties.{_module.name}")
