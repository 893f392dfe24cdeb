"""The review app: Starlette routes over the line's own functions, server-rendered, usable by keyboard alone.

Stands after the line and before the commands. It reads a survey folder, shows what is open beside its source,
and writes only decisions and lookups, through `store`. The trap is a second mechanism: what a reviewer says is a
line of decisions.jsonl or a patch of lookups.toml, applied by every build, whoever runs it.
"""
