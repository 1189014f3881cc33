/** No interpreter will do: one message that says what is missing, with one button that mends it. */
import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import { ConfigurationTarget, ProgressLocation, commands, window, workspace } from 'vscode';
import type { ExtensionContext, LogOutputChannel } from 'vscode';
import { ownEnvironment, pythonIn, requirementsFile } from './interpreter';
import type { Attempt } from './interpreter';
import { SECTION, chosenInterpreter } from './settings';

const INSTALL_TIMEOUT_MS = 15 * 60_000;

/** What to tell, and whether installing packages would be enough. */
export function explain(attempts: Attempt[]): { sentence: string; base?: Attempt } {
    const lacking = attempts.find(attempt => attempt.missing.length > 0);
    if (chosenInterpreter() !== undefined) {
        const { command, problem } = attempts[0]!;
        return { sentence: `Kernelglot can't start: kernelglot.interpreter is "${command}", which ${problem === 'not found' ? 'was not found' : problem}.` };
    }
    if (lacking !== undefined) {
        const packages = lacking.missing.join(', ');
        return { sentence: `Kernelglot can't start: ${lacking.command} (${lacking.origin}) lacks ${packages}. \`pip install kernelglot\` brings them.`, base: lacking };
    }
    const old = attempts.find(attempt => attempt.problem !== 'not found');
    const found = old === undefined ? 'none was found' : `${old.command} ${old.problem}`;
    return { sentence: `Kernelglot can't start: it needs Python 3.11 or newer, and ${found}.` };
}

/** Resolves to true when something changed and starting again may work. */
export async function offerFix(context: ExtensionContext, log: LogOutputChannel, attempts: Attempt[]): Promise<boolean> {
    const { sentence, base } = explain(attempts);
    log.error(sentence);
    const install = 'Install in Own Environment', choose = 'Choose Interpreter...';
    const answer = await window.showErrorMessage(sentence, base === undefined ? choose : install);
    if (answer === install && base !== undefined) return installPackages(context, log, base.command);
    return answer === choose && chooseInterpreter();
}

async function chooseInterpreter(): Promise<boolean> {
    const files = await window.showOpenDialog({ title: 'Python 3.11 or newer, for Kernelglot', openLabel: 'Use' });
    if (files?.[0] === undefined) return false;
    await workspace.getConfiguration(SECTION).update('interpreter', files[0].fsPath, ConfigurationTarget.Global);
    return false;                   // the change of the setting restarts the server
}

/** Makes a virtual environment in the extension's storage; the environment that was found is left as it is. */
async function installPackages(context: ExtensionContext, log: LogOutputChannel, python: string): Promise<boolean> {
    const folder = ownEnvironment(context);
    const steps: [command: string, args: string[]][] = [
        [python, ['-m', 'venv', '--clear', folder]],
        [pythonIn(folder), ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', '-r', requirementsFile(context)]],
    ];
    const options = { location: ProgressLocation.Notification, title: 'Kernelglot: installing packages', cancellable: true };
    return window.withProgress(options, async (_progress, cancellation) => {
        const abort = new AbortController();
        cancellation.onCancellationRequested(() => abort.abort());
        try {
            await mkdir(context.globalStorageUri.fsPath, { recursive: true });
            for (const [command, args] of steps) {
                log.info([command, ...args].join(' '));
                const run = { cwd: context.extensionPath, timeout: INSTALL_TIMEOUT_MS, signal: abort.signal, maxBuffer: 16 * 1024 * 1024 };
                log.info((await promisify(execFile)(command, args, run)).stdout);
            }
            return true;
        } catch (error) {
            if (abort.signal.aborted) return false;
            log.error((error as { stdout?: string }).stdout ?? '', (error as { stderr?: string }).stderr ?? String(error));
            void window.showErrorMessage('Kernelglot could not install its packages.', 'Show Log')
                .then(answer => answer && commands.executeCommand('kernelglot.showLog'));
            return false;
        }
    });
}
