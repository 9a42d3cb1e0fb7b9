"""Pages that would rot if people kept them, made from the code: ``make docs``.

Each page is a pure function of the code and of the model shipped with it.
"""
