/** Names and values both sides agree on: which documents are ours, what the server is told when it starts. */
import { homedir } from 'node:os';
import { workspace } from 'vscode';
import type { DocumentSelector } from 'vscode-languageclient/node';

export const SECTION = 'kernelglot';

/** `c` and `cpp` are read, but alone don't start the server: most C files hold no kernel. */
const LANGUAGES = ['cuda-cpp', 'hip', 'bang', 'c', 'cpp'];

/** Schemes are named, because a selector without them also opens the shadow documents of the Refactor Preview. */
export const DOCUMENTS: DocumentSelector = LANGUAGES.flatMap(language =>
    ['file', 'untitled'].map(scheme => ({ scheme, language })));

export const CONVERT_KIND = 'refactor.rewrite.kernelglot';

/** A command of the server; languageclient registers those, so the names of ours must differ. */
export const SERVER_CANCEL = 'kernelglot.server.cancel';

/** The interpreter that the setting names, or `undefined`. Its scope is `machine`: a repository can't set it. */
export function chosenInterpreter(): string | undefined {
    const value = workspace.getConfiguration(SECTION).get<string>('interpreter', '').trim();
    return value === '' ? undefined : value.replace(/^~(?=[/\\])/, homedir());
}

export function initializationOptions(): object {
    const settings = workspace.getConfiguration(SECTION);
    return {
        trusted: workspace.isTrusted,
        status: true,               // we want `kernelglot/status`
        timeoutSeconds: settings.get<number>('timeoutSeconds'),
        diagnostics: settings.get<boolean>('diagnostics'),
    };
}
