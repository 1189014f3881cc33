/**
 * Which Python runs the server: the setting, else the Python extension's, else the environment made by `install.ts`,
 * else `python3` on the PATH. The first one that is new enough and has the packages wins; why the others did not is kept.
 *
 * `kernelglot` itself comes from that environment if it is installed there, else from `bundled/` inside the extension.
 */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { extensions, workspace } from 'vscode';
import type { ExtensionContext, Uri } from 'vscode';
import { chosenInterpreter } from './settings';

const OLDEST = [3, 11];
const ON_PATH = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python'];
const PROBE_TIMEOUT_MS = 20_000;
const PROBE = `
import importlib.metadata, importlib.util, json, sys
def version(name):
    try: return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError: return None
print(json.dumps({"version": list(sys.version_info[:3]), "installed": importlib.util.find_spec("kernelglot_server") is not None,
                  "packages": {name: version(name) for name in sys.argv[1:]}}))`;

export interface Interpreter {
    command: string;
    origin: string;                 // where it was found, in words
    version: string;
    environment: NodeJS.ProcessEnv;
    bundled: boolean;               // kernelglot from inside the extension, not from the environment
}

export interface Attempt {
    command: string;
    origin: string;
    problem: string;
    missing: string[];              // packages; empty when the interpreter itself won't do
}

export interface Search {
    found?: Interpreter;
    attempts: Attempt[];
}

interface Requirement { name: string; bounds: string }
interface Probe { version: number[]; installed: boolean; packages: Record<string, string | null> }

export const bundledFolder = (context: ExtensionContext): string => join(context.extensionPath, 'bundled');
export const requirementsFile = (context: ExtensionContext): string => join(bundledFolder(context), 'requirements.txt');
export const ownEnvironment = (context: ExtensionContext): string => join(context.globalStorageUri.fsPath, 'environment');
export const pythonIn = (environment: string): string =>
    process.platform === 'win32' ? join(environment, 'Scripts', 'python.exe') : join(environment, 'bin', 'python');

export async function findInterpreter(context: ExtensionContext): Promise<Search> {
    const attempts: Attempt[] = [];
    for (const [origin, command] of await candidates(context)) {
        const result = await probe(context, command, origin);
        if ('environment' in result) return { found: result, attempts };
        attempts.push(result);
    }
    return { attempts };
}

async function candidates(context: ExtensionContext): Promise<[origin: string, command: string][]> {
    const chosen = chosenInterpreter();
    if (chosen !== undefined) return [['the setting kernelglot.interpreter', chosen]];
    const selected = await selectedInPythonExtension();
    const own = pythonIn(ownEnvironment(context));
    return [
        ...(selected === undefined ? [] : [['the Python extension', selected] as [string, string]]),
        ...(existsSync(own) ? [['the extension\'s own environment', own] as [string, string]] : []),
        ...ON_PATH.map(name => ['the PATH', name] as [string, string]),
    ];
}

/** An untrusted folder could bring its own `.venv`, so there the Python extension isn't asked. */
async function selectedInPythonExtension(): Promise<string | undefined> {
    const python = extensions.getExtension('ms-python.python');
    if (python === undefined || !workspace.isTrusted) return undefined;
    const api = (await python.activate())?.environments as PythonEnvironments | undefined;
    const environment = api && await api.resolveEnvironment(api.getActiveEnvironmentPath());
    return environment?.executable.uri?.fsPath;
}

interface PythonEnvironments {
    getActiveEnvironmentPath(): { path: string };
    resolveEnvironment(path: { path: string }): Promise<{ executable: { uri?: Uri } } | undefined>;
}

async function probe(context: ExtensionContext, command: string, origin: string): Promise<Interpreter | Attempt> {
    const no = (problem: string, missing: string[] = []): Attempt => ({ command, origin, problem, missing });
    const required = requirements(context);
    let answer: Probe;
    try {
        // The folder of the extension, never the workspace: Python would import a repository's modules from there.
        const options = { cwd: context.extensionPath, timeout: PROBE_TIMEOUT_MS };
        const { stdout } = await promisify(execFile)(command, ['-c', PROBE, ...required.map(item => item.name)], options);
        answer = JSON.parse(stdout) as Probe;
    } catch (error) {
        return no((error as NodeJS.ErrnoException).code === 'ENOENT' ? 'not found' : `does not run: ${(error as Error).message.trim().split('\n').at(-1)}`);
    }
    const version = answer.version.join('.');
    if (compare(answer.version, OLDEST) < 0) return no(`is Python ${version}, too old`);
    const missing = required.filter(item => !satisfies(answer.packages[item.name] ?? null, item.bounds)).map(item => item.name);
    if (!answer.installed && required.length === 0) missing.push('kernelglot');
    if (missing.length > 0) return no(`is Python ${version}, but lacks ${missing.join(', ')}`, missing);
    const path = [bundledFolder(context), process.env.PYTHONPATH ?? ''].filter(entry => entry !== '').join(delimiter);
    const environment = answer.installed ? {} : { PYTHONPATH: path };
    return { command, origin, version, environment, bundled: !answer.installed };
}

/** What the server imports beside the standard library. Empty in a checkout, where the environment has it all. */
function requirements(context: ExtensionContext): Requirement[] {
    const file = requirementsFile(context);
    const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
    return lines.flatMap(line => {
        const match = /^([\w.-]+)\s*(.*)$/.exec(line.trim());
        return match === null ? [] : [{ name: match[1]!, bounds: match[2]! }];
    });
}

/** `bounds` is a list of `>=` and `<`, all that our requirements use; numbers only, so a pre-release counts as its release. */
function satisfies(version: string | null, bounds: string): boolean {
    if (version === null) return false;
    const have = numbers(version);
    return bounds.split(',').every(bound => {
        const match = /^\s*(>=|<)\s*([\d.]+)\s*$/.exec(bound);
        return match === null || (match[1] === '>=' ? compare(have, numbers(match[2]!)) >= 0 : compare(have, numbers(match[2]!)) < 0);
    });
}

const numbers = (version: string): number[] => version.split('.').map(part => Number.parseInt(part, 10) || 0);

function compare(left: number[], right: number[]): number {
    for (let i = 0; i < Math.max(left.length, right.length); ++i) {
        const difference = (left[i] ?? 0) - (right[i] ?? 0);
        if (difference !== 0) return difference;
    }
    return 0;
}
