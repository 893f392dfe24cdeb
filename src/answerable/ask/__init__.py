"""Asking: the request and its reply form, the lint, sending, chasers, and the board that says where all stand.

Stands after the clock and before the inbox. Nothing here sends by itself: letters are drafted as files, read by a
person, and go out through `answerable.ask.send.send_letters`, as does any other mail of a survey. How a reply finds
its request is told in `answerable.ask.references`, what is known of each letter in `answerable.ask.outbox`, the
returned form in `answerable.ask.form`. The trap is mail that goes out twice.
"""
