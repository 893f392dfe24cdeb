"""The probe: a script of a few plain steps that signs up test accounts in a browser and reads their settings back.

It runs only on a service that the tester runs or has permission to test, which the script must say, and it lets
test accounts meet no one but each other: no request leaves the service's own address. The trap: a probe that reads
a setting wrongly is worse than none, so a value that the script does not name is reported, never guessed.
"""

from answerable.standards.probe.run import Probed, probe_service
from answerable.standards.probe.script import Script, parse_script

__all__ = ["Probed", "Script", "parse_script", "probe_service"]
