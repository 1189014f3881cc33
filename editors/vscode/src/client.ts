/** The server process: found, started, restarted, stopped. One for the window, whatever the number of folders. */
import { EventEmitter, Uri, commands, window } from 'vscode';
import type { Disposable, ExtensionContext, LogOutputChannel } from 'vscode';
import { CloseAction, ErrorAction, ExecuteCommandRequest, LanguageClient, RevealOutputChannelOn } from 'vscode-languageclient/node';
import type { ErrorHandler, LanguageClientOptions } from 'vscode-languageclient/node';
import { showBeside } from './convert';
import { offerFix } from './install';
import { findInterpreter } from './interpreter';
import type { Search } from './interpreter';
import { JobProgress } from './progress';
import { DOCUMENTS, SECTION, SERVER_CANCEL, initializationOptions } from './settings';
import type { Status } from './status';

const MOST_RESTARTS = 3;
const RESTART_WINDOW_MS = 3 * 60_000;

/** Errors go to the log only: what a person has to know is told once, by `Server`. */
class QuietClient extends LanguageClient {
    override error(message: string, data?: unknown): void {
        super.error(message, data, false);
    }
}

export class Server implements Disposable {
    search: Search = { attempts: [] };
    private client: LanguageClient | undefined;
    private queue: Promise<void> = Promise.resolve();
    private waiting = false;
    private readonly progress = new JobProgress(() => this.client);
    private readonly changed = new EventEmitter<Status>();
    readonly onStatus = this.changed.event;

    constructor(private readonly context: ExtensionContext, private readonly log: LogOutputChannel) {}

    get serverName(): string {
        const info = this.client?.initializeResult?.serverInfo;
        return info === undefined ? 'not running' : `${info.name} ${info.version ?? ''}`.trim();
    }

    /** Stops what runs and starts anew. Calls that come while one is waiting join it. */
    restart(): Promise<void> {
        if (!this.waiting) {
            this.waiting = true;
            this.queue = this.queue.then(async () => {
                this.waiting = false;
                await this.stop();
                await this.start();
            });
        }
        return this.queue;
    }

    async trust(): Promise<void> {
        if (this.client?.isRunning()) await this.client.sendNotification('kernelglot/trust', { trusted: true });
        else await this.restart();
    }

    async cancelAll(): Promise<void> {
        if (this.client?.isRunning()) await this.client.sendRequest(ExecuteCommandRequest.type, { command: SERVER_CANCEL, arguments: [{}] });
    }

    async stop(): Promise<void> {
        const client = this.client;
        this.client = undefined;
        this.progress.dispose();
        await client?.dispose().catch(error => this.log.warn('The server did not stop in time', error));
    }

    dispose(): void {
        this.changed.dispose();
    }

    private async start(): Promise<void> {
        this.changed.fire({ state: 'starting', message: '', jobs: [] });
        this.search = await findInterpreter(this.context);
        const { found, attempts } = this.search;
        if (found === undefined) {
            this.changed.fire({ state: 'stopped', message: 'No Python that can run the server', jobs: [] });
            void offerFix(this.context, this.log, attempts).then(again => again ? this.restart() : undefined);
            return;
        }
        this.log.info(`Starting with ${found.command} (Python ${found.version}, from ${found.origin})${found.bundled ? ', bundled kernelglot' : ''}`);
        // -P and the folder: the workspace must not be on Python's import path, or a repository could run code here.
        const options = { cwd: this.context.extensionPath, env: { ...process.env, ...found.environment } };
        const run = { command: found.command, args: ['-P', '-m', 'kernelglot_server'], options };
        const client = new QuietClient(SECTION, 'Kernelglot', run, this.clientOptions());
        client.onNotification('kernelglot/status', (status: Status) => this.changed.fire(status));
        this.client = client;
        try {
            await client.start();
        } catch (error) {
            this.log.error('The server did not start', error as Error);
            this.failed('Kernelglot\'s server did not start.');
        }
    }

    private clientOptions(): LanguageClientOptions {
        return {
            documentSelector: DOCUMENTS,
            outputChannel: this.log,
            revealOutputChannelOn: RevealOutputChannelOn.Never,
            initializationOptions,
            initializationFailedHandler: () => false,
            errorHandler: this.crashPolicy(),
            synchronize: { configurationSection: SECTION },
            middleware: {
                handleWorkDoneProgress: this.progress.handle,
                window: {
                    showDocument: (params, token, next) =>
                        params.external || !params.uri.startsWith('file:') ? next(params, token) : showBeside(Uri.parse(params.uri)),
                },
            },
        };
    }

    /** A server that ran and died is started again, three times in three minutes; one that never ran is not. */
    private crashPolicy(): ErrorHandler {
        const crashes: number[] = [];
        return {
            error: (_error, _message, count) => ({ action: (count ?? 0) <= 3 ? ErrorAction.Continue : ErrorAction.Shutdown, handled: true }),
            closed: () => {
                this.progress.dispose();
                const now = Date.now();
                crashes.push(now);
                const recent = crashes.filter(time => now - time < RESTART_WINDOW_MS).length;
                if (this.client?.initializeResult === undefined) {
                    this.changed.fire({ state: 'stopped', message: 'The server died while starting', jobs: [] });
                    return { action: CloseAction.DoNotRestart, handled: true };
                }
                if (recent <= MOST_RESTARTS) {
                    this.changed.fire({ state: 'starting', message: 'The server died and is started again', jobs: [] });
                    return { action: CloseAction.Restart, handled: true };
                }
                this.failed(`Kernelglot's server died ${recent} times within three minutes and was not started again.`);
                return { action: CloseAction.DoNotRestart, handled: true };
            },
        };
    }

    private failed(sentence: string): void {
        this.changed.fire({ state: 'stopped', message: sentence, jobs: [] });
        void window.showErrorMessage(sentence, 'Show Log').then(answer => answer && commands.executeCommand('kernelglot.showLog'));
    }
}
