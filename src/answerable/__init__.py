"""Ask every public authority the same question; publish only figures you can stand behind.

The package is one line of modules, each turning one core type of `answerable.model` into the next;
`docs/design.md` draws it. Importing the package does nothing and pulls in nothing.
"""

__version__ = "0.1.0"
