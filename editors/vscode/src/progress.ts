/**
 * Job progress as a notification with a Cancel button. Left alone, languageclient shows server-started progress as a
 * spinner in the status bar, where nothing can be cancelled.
 */
import { ProgressLocation, window } from 'vscode';
import type { CancellationToken, Disposable, Progress } from 'vscode';
import { WorkDoneProgressCancelNotification } from 'vscode-languageclient/node';
import type { LanguageClient, ProgressToken, WorkDoneProgressBegin, WorkDoneProgressEnd, WorkDoneProgressReport } from 'vscode-languageclient/node';

type Value = WorkDoneProgressBegin | WorkDoneProgressReport | WorkDoneProgressEnd;

interface Shown {
    percent: number;
    report(value: { message?: string; increment?: number }): void;
    close(): void;
}

export class JobProgress implements Disposable {
    private readonly shown = new Map<ProgressToken, Shown>();

    constructor(private readonly client: () => LanguageClient | undefined) {}

    /** languageclient's middleware. Tokens that are not a job's take the usual road. */
    readonly handle = (token: ProgressToken, value: Value, next: (token: ProgressToken, value: Value) => void): void => {
        if (!String(token).startsWith('kernelglot/')) {
            next(token, value);
        } else if (value.kind === 'begin') {
            this.begin(token, value);
        } else if (value.kind === 'report') {
            this.report(token, value);
        } else {
            this.end(token);
            next(token, value); // lets languageclient forget the token; it has shown nothing
        }
    };

    /** Closes what is open: the server is gone, and the ends it owed will not come. */
    dispose(): void {
        for (const token of [...this.shown.keys()]) this.end(token);
    }

    private begin(token: ProgressToken, value: WorkDoneProgressBegin): void {
        this.end(token);
        const options = { location: ProgressLocation.Notification, title: value.title, cancellable: value.cancellable ?? false };
        void window.withProgress(options, (progress: Progress<{ message?: string; increment?: number }>, cancellation: CancellationToken) => {
            cancellation.onCancellationRequested(() => {
                progress.report({ message: 'cancelling' });
                void this.client()?.sendNotification(WorkDoneProgressCancelNotification.type, { token });
            });
            return new Promise<void>(resolve => {
                this.shown.set(token, { percent: 0, report: update => progress.report(update), close: resolve });
                this.report(token, { kind: 'report', message: value.message, percentage: value.percentage });
            });
        });
    }

    private report(token: ProgressToken, value: WorkDoneProgressReport): void {
        const shown = this.shown.get(token);
        if (shown === undefined) return;
        const percent = Math.max(shown.percent, Math.min(value.percentage ?? 0, 100));
        shown.report({ message: value.message, increment: percent - shown.percent });
        shown.percent = percent;
    }

    private end(token: ProgressToken): void {
        this.shown.get(token)?.close();
        this.shown.delete(token);
    }
}
