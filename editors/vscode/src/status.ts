/** One status bar item and one language status item, both drawn from the server's `kernelglot/status` and nothing else. */
import { basename } from 'node:path';
import { LanguageStatusSeverity, StatusBarAlignment, ThemeColor, Uri, commands, languages, window } from 'vscode';
import type { Disposable } from 'vscode';
import { DOCUMENTS } from './settings';

export interface Job {
    job: string;
    uri: string;
    kernel: string | null;
    target: string;
    state: 'queued' | 'running' | 'stale' | 'failed' | 'verified';
    percent: number;
    stage: string;
    message: string;
    rung: string | null;
    seconds: number;
}

export interface Status {
    state: 'starting' | 'idle' | 'busy' | 'unavailable' | 'untrusted' | 'stopped';
    message: string;
    jobs: Job[];
}

const ICONS: Record<Job['state'], string> = {
    queued: '$(clock)', running: '$(sync~spin)', stale: '$(history)', failed: '$(error)', verified: '$(pass)',
};

export class StatusView implements Disposable {
    private readonly bar = window.createStatusBarItem('kernelglot.status', StatusBarAlignment.Right, 90);
    private readonly language = languages.createLanguageStatusItem('kernelglot.status', DOCUMENTS as never);
    private status: Status = { state: 'stopped', message: '', jobs: [] };

    constructor() {
        this.bar.name = this.language.name = 'Kernelglot';
        this.bar.command = 'kernelglot.showJobs';
        this.language.command = { command: 'kernelglot.showLog', title: 'Show Log' };
        this.show(this.status);
        this.bar.show();
    }

    show(status: Status): void {
        this.status = status;
        const active = status.jobs.filter(job => job.state === 'queued' || job.state === 'running').length;
        const broken = status.state === 'unavailable' || status.state === 'stopped';
        const busy = status.state === 'busy' || status.state === 'starting';
        const icon = busy ? '$(sync~spin)' : broken ? '$(warning)' : status.state === 'untrusted' ? '$(shield)' : '$(arrow-swap)';
        const words = status.state === 'idle' ? 'ready' : status.state;
        this.bar.text = `${icon} Kernelglot${active > 0 ? ` ${active}` : ''}`;
        this.bar.tooltip = [`Kernelglot: ${words}`, status.message, ...status.jobs.map(describe)].filter(line => line !== '').join('\n');
        this.bar.backgroundColor = broken ? new ThemeColor('statusBarItem.warningBackground') : undefined;
        this.language.text = `Kernelglot: ${active > 0 ? `${active} ${active === 1 ? 'job' : 'jobs'}` : words}`;
        this.language.detail = status.message;
        this.language.busy = busy;
        this.language.severity = broken ? LanguageStatusSeverity.Error
            : status.state === 'untrusted' ? LanguageStatusSeverity.Warning : LanguageStatusSeverity.Information;
    }

    /** The job list as a menu: a job leads to its source, the last entries to the commands. */
    async showJobs(): Promise<void> {
        const entries = [
            ...this.status.jobs.map(job => ({
                label: `${ICONS[job.state]} ${job.kernel ?? 'all kernels'} to ${job.target}`,
                description: basename(Uri.parse(job.uri).path),
                detail: describe(job),
                run: () => window.showTextDocument(Uri.parse(job.uri)),
            })),
            ...(this.status.state === 'busy' ? [command('$(stop-circle) Cancel All Jobs', 'kernelglot.cancelAll')] : []),
            command('$(output) Show Log', 'kernelglot.showLog'),
            command('$(debug-restart) Restart Server', 'kernelglot.restart'),
            command('$(info) Show Setup Report', 'kernelglot.showSetupReport'),
        ];
        const title = `Kernelglot: ${this.status.state === 'idle' ? 'ready' : this.status.state}`;
        await (await window.showQuickPick(entries, { title, placeHolder: this.status.message }))?.run();
    }

    dispose(): void {
        this.bar.dispose();
        this.language.dispose();
    }
}

function command(label: string, id: string): { label: string; description: string; detail: string; run: () => Thenable<unknown> } {
    return { label, description: '', detail: '', run: () => commands.executeCommand(id) };
}

function describe(job: Job): string {
    const progress = job.state === 'running' ? `${job.percent} % ${job.stage}` : job.rung ?? '';
    return [`${job.kernel ?? 'all kernels'} to ${job.target}: ${job.state}`, progress, job.message, `${job.seconds.toFixed(1)} s`]
        .filter(part => part !== '').join(', ');
}
