/** Kernelglot for VS Code. It starts the language server, shows what the server says and forwards what the person asks. */
import { commands, window, workspace } from 'vscode';
import type { ExtensionContext } from 'vscode';
import { Server } from './client';
import { convertKernel } from './convert';
import { showSetupReport } from './report';
import { SECTION } from './settings';
import { StatusView } from './status';

let running: Server | undefined;

export function activate(context: ExtensionContext): void {
    const log = window.createOutputChannel('Kernelglot', { log: true });
    const server = running = new Server(context, log);
    const status = new StatusView();
    const started = server.restart();
    context.subscriptions.push(
        log, server, status,
        server.onStatus(value => status.show(value)),
        commands.registerCommand('kernelglot.convert', async () => { await started; await convertKernel(); }),
        commands.registerCommand('kernelglot.cancelAll', () => server.cancelAll()),
        commands.registerCommand('kernelglot.showJobs', () => status.showJobs()),
        commands.registerCommand('kernelglot.restart', () => server.restart()),
        commands.registerCommand('kernelglot.showLog', () => log.show()),
        commands.registerCommand('kernelglot.showSetupReport', async () => { await started; await showSetupReport(context, server); }),
        workspace.onDidGrantWorkspaceTrust(() => server.trust()),
        workspace.onDidChangeConfiguration(change => {
            if (change.affectsConfiguration(`${SECTION}.interpreter`)) void server.restart();
        }),
    );
}

export async function deactivate(): Promise<void> {
    await running?.stop();
}
