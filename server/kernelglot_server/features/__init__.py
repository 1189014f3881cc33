"""One LSP method (or command) a module: `METHOD` or `COMMAND`, `handle`, and `OPTIONS` where the method has some."""

from kernelglot_server.features import (
    code_action,
    code_action_resolve,
    command_cancel,
    command_convert,
    did_change,
    did_change_configuration,
    did_close,
    did_open,
    hover,
    initialize,
    initialized,
    shutdown,
    trust,
    work_done_progress_cancel,
)

FEATURES = (
    initialize,
    initialized,
    shutdown,
    did_open,
    did_change,
    did_close,
    did_change_configuration,
    trust,
    work_done_progress_cancel,
    code_action,
    code_action_resolve,
    hover,
)
COMMANDS = (command_convert, command_cancel)
