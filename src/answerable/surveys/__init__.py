"""The bundled surveys, each a folder a user can copy, and the simulator that writes practice surveys.

Surveys are data: nothing here is imported by the line. The trap: a figure in a bundled survey is a published
one with its source, or it is not there.
"""
