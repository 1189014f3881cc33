/** "Show Setup Report": what a person, or a bug report, needs to know about this installation. No source text, no keys. */
import { execFile } from 'node:child_process';
import { homedir } from 'node:os';
import { promisify } from 'node:util';
import { version as editorVersion, env, window, workspace } from 'vscode';
import type { ExtensionContext } from 'vscode';
import type { Server } from './client';
import { explain } from './install';
import type { Interpreter } from './interpreter';
import { SECTION } from './settings';

const DOCTOR_TIMEOUT_MS = 60_000;

export async function showSetupReport(context: ExtensionContext, server: Server): Promise<void> {
    const { found, attempts } = server.search;
    const settings = workspace.getConfiguration(SECTION);
    const lines = [
        '# Kernelglot: setup report', '',
        `- extension ${(context.extension.packageJSON as { version: string }).version}, ${env.appName} ${editorVersion}, ${process.platform} ${process.arch}`,
        `- workspace ${workspace.isTrusted ? 'trusted' : 'not trusted: nothing is executed'}`,
        `- server: ${server.serverName}`,
        ...['timeoutSeconds', 'diagnostics', 'trace.server'].map(key => `- kernelglot.${key} = ${JSON.stringify(settings.get(key))}`),
        '', '## Python', '',
        ...attempts.map(attempt => `- ${attempt.command} (${attempt.origin}): ${attempt.problem}`),
        found === undefined ? `- ${attempts.length > 0 ? explain(attempts).sentence : 'not looked for yet'}`
            : `- **${found.command}** (${found.origin}): Python ${found.version}, kernelglot ${found.bundled ? 'bundled with the extension' : 'from this environment'}`,
        '', '## kernelglot doctor', '', '```', await doctor(context, found), '```', '',
    ];
    const content = lines.join('\n').replaceAll(homedir(), '~');
    await window.showTextDocument(await workspace.openTextDocument({ language: 'markdown', content }), { preview: true });
}

async function doctor(context: ExtensionContext, found: Interpreter | undefined): Promise<string> {
    if (found === undefined) return 'not run: there is no interpreter';
    if (!workspace.isTrusted) return 'not run: the workspace is not trusted';
    const options = { cwd: context.extensionPath, env: { ...process.env, ...found.environment }, timeout: DOCTOR_TIMEOUT_MS };
    try {
        return (await promisify(execFile)(found.command, ['-P', '-m', 'kernelglot.cli', 'doctor'], options)).stdout.trim();
    } catch (error) {
        const { stdout, stderr } = error as { stdout?: string; stderr?: string };
        return [stdout, stderr].filter(text => text).join('\n').trim() || String(error);
    }
}
