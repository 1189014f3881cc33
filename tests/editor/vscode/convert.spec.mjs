/**
 * What a person sees in VS Code: the light bulb menu, the conversion with its progress and Cancel, the new file beside the source,
 * and that typing meanwhile is safe. Run by run.sh; KERNELGLOT_SHOTS names a folder for screenshots.
 *
 * The first suite runs the engine; the others run a stand-in for it (tests/lsp/fake_session.py), which is as slow as a comment says.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openEditor, until } from './editor.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const tree = process.env.KERNELGLOT_VSCODE_TREE;
const vsix = process.env.KERNELGLOT_VSIX;
const python = process.env.KERNELGLOT_PYTHON ?? join(root, '.venv/bin/python');
const shots = process.env.KERNELGLOT_SHOTS;

const SOURCE = readFileSync(join(root, 'examples/operators/vector_add.cu'), 'utf8');
const LINE = SOURCE.split('\n').findIndex(line => line.includes('__global__')) + 1;
const MENU = ['Convert to BANG C', 'Convert to HIP', 'Convert to C with VNNI', 'Convert to C'];
const CONVERSION_MS = 180_000;

/** An editor on a project with vector_add.cu. `orders` go to the stand-in; without them the engine runs. */
async function open({ orders, interpreter, trust = false } = {}) {
    const standIn = mkdtempSync(join(tmpdir(), 'kernelglot-python-'));
    const wrapper = join(standIn, 'python');
    writeFileSync(wrapper, `#!/bin/sh
case "$*" in *kernelglot_server*) set -- "$@" --session fake_session; export PYTHONPATH="$PYTHONPATH:${root}/tests/lsp" ;; esac
exec "${python}" "$@"
`, { mode: 0o755 });
    const text = orders === undefined ? SOURCE : `${SOURCE}// fake: ${orders}\n`;
    const settings = { 'kernelglot.interpreter': interpreter ?? (orders === undefined ? python : wrapper) };
    const editor = await openEditor({ tree, vsix, files: { 'vector_add.cu': text }, settings, trust });
    const close = editor.close;
    editor.close = async () => { await close(); rmSync(standIn, { recursive: true, force: true }); };
    editor.original = text;
    await editor.open('vector_add.cu');
    return editor;
}

const onDisk = (editor, name) => existsSync(join(editor.project, name)) ? readFileSync(join(editor.project, name), 'utf8') : '';
const over = (editor, target) => until(async () => new RegExp(`to ${target}: (verified|stale|failed)`).test(await editor.statusText()),
    `the conversion to ${target} is over`, () => '', CONVERSION_MS);

async function convertTo(editor, title) {
    await editor.page.locator('.tab[data-resource-name="vector_add.cu"]').click();
    await editor.goToLine(LINE);
    await editor.lightBulb();
    await editor.choose(title);
}

let editor;
const shot = async name => {
    if (shots === undefined || editor === undefined) return;
    mkdirSync(shots, { recursive: true });
    await editor.page.screenshot({ path: join(shots, `${name}.png`) });
};
const closeEditor = async () => { await editor?.close(); editor = undefined; };

describe('converting a kernel', { timeout: 10 * 60_000 }, () => {
    before(async () => {
        editor = await open();
        await editor.status('ready');
        await editor.goToLine(LINE);
    });
    after(closeEditor);

    test('the light bulb offers the four other languages, in this order', async () => {
        const entries = await editor.lightBulb();
        await shot('light-bulb');
        assert.deepEqual(entries.filter(entry => entry.startsWith('Convert to')), MENU);
    });

    test('"Convert to BANG C" writes a new file and shows it beside the source', async () => {
        await editor.choose('Convert to BANG C');
        await over(editor, 'bang');
        assert.match(await editor.statusText(), /to bang: verified/);
        await until(() => onDisk(editor, 'vector_add.mlu').includes('__mlu_entry__'), 'vector_add.mlu is on disk', () => onDisk(editor, 'vector_add.mlu'));
        await editor.page.locator('.tab.active[data-resource-name="vector_add.mlu"]').waitFor();
        await editor.toasts().locator('a.monaco-button', { hasText: 'Cancel' }).waitFor({ state: 'hidden' });
        await editor.page.waitForTimeout(1000);
        await shot('convert-to-bang');
        assert.equal(await editor.page.locator('.editor-group-container').count(), 2);
        assert.equal(await editor.page.locator('.tab[data-resource-name="vector_add.mlu"]').count(), 1, 'one tab only');
        assert.equal(await editor.page.locator('.tab.dirty').count(), 0, 'saved');
        assert.equal(onDisk(editor, 'vector_add.cu'), editor.original, 'the source is as it was');
        assert.equal(await editor.toasts().count(), 1, 'one notification a job');
    });

    test('hovering over the kernel tells what the result was checked on', async () => {
        await editor.command('Notifications: Clear All Notifications');
        await editor.page.locator('.editor-group-container').first().locator('.view-line span span:text-is("vector_add")').first().hover();
        const hover = editor.page.locator('.monaco-hover:not(.hidden)', { hasText: /BANG C/ }).first();
        await hover.waitFor();
        await editor.page.waitForTimeout(500);          // it fades in
        await shot('hover');
        assert.match(await hover.innerText(), /tested|exact|proved/);
    });

    test('the menu then says that the result is there', async () => {
        await editor.page.locator('.tab[data-resource-name="vector_add.cu"]').click();
        await editor.goToLine(LINE);
        const entries = await editor.lightBulb();
        await editor.page.keyboard.press('Escape');
        assert.ok(entries.some(entry => /^Convert to BANG C \(verified: (tested|exact|proved)\)$/.test(entry)), entries.join());
    });

    test('the command palette offers the same languages', async () => {
        await editor.command('Kernelglot: Convert Kernel...');
        const rows = editor.page.locator('.quick-input-list .monaco-list-row .label-name');
        await rows.filter({ hasText: 'Convert to HIP' }).waitFor();
        const entries = (await rows.allTextContents()).map(entry => entry.trim().replace(/ \(.*/, ''));
        await shot('convert-kernel');
        await editor.page.keyboard.press('Escape');
        assert.deepEqual(entries, MENU);
    });
});

describe('a conversion that takes its time', { timeout: 10 * 60_000 }, () => {
    before(async () => {
        editor = await open({ orders: 'sleep 4' });
        await editor.status('ready');
    });
    afterEach(() => editor.command('Notifications: Clear All Notifications'));
    after(closeEditor);

    test('a notification shows the progress and its Cancel ends the job', async () => {
        await convertTo(editor, 'Convert to C');
        const toast = editor.toasts().filter({ hasText: 'loop_recovery' });
        await toast.waitFor();
        await shot('progress');
        assert.match(await editor.statusText(), /to c: running/);
        await toast.locator('a.monaco-button', { hasText: 'Cancel' }).click();
        await toast.waitFor({ state: 'hidden' });
        await over(editor, 'c');
        await editor.page.waitForTimeout(4500);         // longer than the conversion would have taken
        assert.equal(onDisk(editor, 'vector_add.c'), '');
        assert.equal(await editor.toasts().count(), 0, 'a cancelled job says no more');
    });

    test('"Cancel All Jobs" ends it as well', async () => {
        await convertTo(editor, 'Convert to C with VNNI');
        await editor.toasts().filter({ hasText: 'loop_recovery' }).waitFor();
        await editor.command('Kernelglot: Cancel All Jobs');
        await over(editor, 'vnni');
        assert.equal(onDisk(editor, 'vector_add.vnni.c'), '');
    });

    test('typing meanwhile leaves every character where it was typed, and the late result waits to be asked for', async () => {
        await convertTo(editor, 'Convert to HIP');
        await editor.toasts().filter({ hasText: 'loop_recovery' }).waitFor();
        await editor.goToLine(1);
        const typed = '// typed meanwhile ';
        await editor.page.keyboard.type(typed, { delay: 30 });
        await over(editor, 'hip');
        const offer = editor.toasts().filter({ hasText: 'Write it anyway' });
        await offer.waitFor();
        await shot('typed-meanwhile');
        assert.ok((await editor.shownText('vector_add.cu')).startsWith(typed + SOURCE.split('\n')[0]));
        assert.equal(onDisk(editor, 'vector_add.cu'), editor.original, 'nothing was saved behind the back');
        assert.equal(onDisk(editor, 'vector_add.hip'), '');
        await offer.locator('a.monaco-button', { hasText: 'Write it anyway' }).click();
        await until(() => onDisk(editor, 'vector_add.hip').includes('kernelglot: translated'), 'vector_add.hip is on disk');
        await editor.page.locator('.tab.active[data-resource-name="vector_add.hip"]').waitFor();
    });

    test('a server that is killed is started again by itself, and says nothing about it', async () => {
        const [killed] = editor.languageServers();
        process.kill(killed, 'SIGKILL');
        await until(() => editor.languageServers().some(pid => pid !== killed), 'another server runs');
        await editor.status('ready');
        assert.equal(await editor.toasts().count(), 0);
        await editor.page.locator('.tab[data-resource-name="vector_add.cu"]').click();
        await editor.goToLine(LINE);
        assert.deepEqual((await editor.lightBulb()).filter(entry => entry.startsWith('Convert to')), MENU);
        await editor.page.keyboard.press('Escape');
    });
});

describe('a kernel that can\'t be translated', { timeout: 5 * 60_000 }, () => {
    after(closeEditor);

    test('one notification gives the reason, the kernel is underlined, no file appears', async () => {
        editor = await open({ orders: 'decline' });
        await editor.status('ready');
        await convertTo(editor, 'Convert to BANG C');
        await over(editor, 'bang');
        await editor.toasts().locator('a.monaco-button', { hasText: 'Cancel' }).waitFor({ state: 'hidden' });
        await editor.page.locator('.squiggly-error, .squiggly-warning, .squiggly-info').first().waitFor();
        await shot('declined');
        assert.match(await editor.toasts().first().innerText(), /texture fetches have no counterpart/);
        assert.equal(await editor.toasts().count(), 1);
        assert.equal(onDisk(editor, 'vector_add.mlu'), '');
    });
});

describe('a workspace that is not trusted', { timeout: 5 * 60_000 }, () => {
    after(closeEditor);

    test('nothing is converted, and the status says why', async () => {
        editor = await open({ orders: 'sleep 0', trust: true });
        await editor.status('untrusted');
        await convertTo(editor, 'Convert to BANG C');
        await editor.toasts().filter({ hasText: 'not trusted' }).waitFor();
        await shot('untrusted');
        await editor.page.waitForTimeout(2000);
        assert.equal(onDisk(editor, 'vector_add.mlu'), '');
    });
});

describe('an interpreter that will not do', { timeout: 5 * 60_000 }, () => {
    after(closeEditor);

    test('one message says what is wrong, with one button', async () => {
        editor = await open({ interpreter: '/nowhere/python' });
        await editor.toasts().first().waitFor();
        await editor.page.waitForTimeout(2000);
        await shot('no-interpreter');
        assert.equal(await editor.toasts().count(), 1);
        assert.match(await editor.toasts().first().locator('.notification-list-item-message').innerText(), /kernelglot\.interpreter is "\/nowhere\/python"/);
        assert.deepEqual(await editor.toasts().first().locator('a.monaco-button').allInnerTexts(), ['Choose Interpreter...']);
    });
});
