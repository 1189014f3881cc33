/** "Convert Kernel...", and where the server's result appears: beside its source. */
import { Range, ViewColumn, commands, window } from 'vscode';
import type { CodeAction, TextDocument, Uri } from 'vscode';
import type { ShowDocumentResult } from 'vscode-languageclient/node';
import { CONVERT_KIND } from './settings';

/** Offers what the light bulb offers at the cursor; off any kernel, what it offers for the whole file. */
export async function convertKernel(): Promise<void> {
    const editor = window.activeTextEditor;
    if (editor === undefined) {
        void window.showInformationMessage('Kernelglot: open the file with the kernel first.');
        return;
    }
    const { document, selection } = editor;
    const here = await conversions(document, selection);
    const actions = here.length > 0 ? here : await conversions(document, everything(document));
    if (actions.length === 0) {
        void window.showInformationMessage('Kernelglot found no kernel in this file that it could convert.');
        return;
    }
    const items = actions.map(action => ({ label: action.title, command: action.command }));
    const picked = await window.showQuickPick(items, { title: 'Convert Kernel', placeHolder: 'to which language?' });
    if (picked?.command !== undefined) await commands.executeCommand(picked.command.command, ...picked.command.arguments ?? []);
}

async function conversions(document: TextDocument, range: Range): Promise<CodeAction[]> {
    const found = await commands.executeCommand<CodeAction[]>('vscode.executeCodeActionProvider', document.uri, range, CONVERT_KIND);
    return (found ?? []).filter(action => action.kind?.value.startsWith(CONVERT_KIND) && action.disabled === undefined);
}

const everything = (document: TextDocument): Range => document.validateRange(new Range(0, 0, document.lineCount, 0));

/**
 * Opens a result beside its source, without taking the cursor: the person may be typing. A file already in sight stays where it is.
 */
export async function showBeside(uri: Uri): Promise<ShowDocumentResult> {
    const visible = window.visibleTextEditors;
    if (visible.some(editor => editor.document.uri.toString() === uri.toString())) return { success: true };
    const source = visible.find(editor => uri.path.startsWith(`${stem(editor.document.uri.path)}.`));
    const viewColumn = source?.viewColumn === undefined ? ViewColumn.Beside : source.viewColumn + 1;
    await window.showTextDocument(uri, { viewColumn, preserveFocus: true, preview: false });
    return { success: true };
}

const stem = (path: string): string => path.replace(/(\.vnni)?\.\w+$/, '');
