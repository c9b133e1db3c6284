/** The types of the parts of the GitHub Action that tests use; it is plain JavaScript. */
declare module "*/run-action.mjs" {
  /** Runs the command line. */
  export type Tool = (args: readonly string[]) => Promise<{
    readonly exit: number;
    readonly stdout: string;
  }>;

  /** What the action has of the outside world. */
  export interface World {
    readonly env: { readonly [name: string]: string | undefined };
    fetch(url: string, init: RequestInit): Promise<Response>;
    sleep(ms: number): Promise<void>;
    createTool(settings: { readonly cwd: string; readonly version: string }): Promise<Tool>;
    write(text: string): void;
  }

  export function runAction(world: World): Promise<number>;
}

declare module "*/workflow.mjs" {
  export interface Annotation {
    readonly level: "error" | "warning" | "notice";
    readonly title: string;
    readonly message: string;
    readonly file?: string;
    readonly line?: number;
  }

  export function toCommand(annotation: Annotation): string;
  export function quoted(text: string): string;
}

declare module "*/sticky.mjs" {
  export function toBody(marker: string, markdown: string, secrets: readonly string[]): string;
}

declare module "*/tool.mjs" {
  export interface ToolSettings {
    readonly env: { readonly [name: string]: string | undefined };
    readonly cwd: string;
    readonly version: string;
    readonly home?: string;
    write(text: string): void;
  }

  export function createTool(
    settings: ToolSettings,
  ): Promise<
    (args: readonly string[]) => Promise<{ readonly exit: number; readonly stdout: string }>
  >;
}
