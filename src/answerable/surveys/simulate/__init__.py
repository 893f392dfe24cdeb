"""Practice surveys with known truth: replies in every format and layout, and the table of what they say.

`blocks` says what a letter is made of and `writers` turn it into documents. The same writers make the
documents of the bundled surveys. The trap: nothing simulated may pass for real, so every survey written here
says `simulated = true`.
"""
