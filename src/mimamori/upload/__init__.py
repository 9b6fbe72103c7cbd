"""Files that a person hands in by the browser: kept privately, received by a process of their own, then removed.

A process may be killed: its upload is then shown as stopped and can be started again, since its files are still there.
Use the modules: `actions` (what a person does), `states` (where an upload stands), `arriving`, `work`.
"""
