/** The small part of newman that the tests use; it comes without types. */
declare module "newman" {
  interface Variable {
    readonly key: string;
    readonly value: string;
  }

  export interface RunOptions {
    readonly collection: object;
    /** The name of the folder or request to run. */
    readonly folder: string;
    readonly envVar: readonly Variable[];
    readonly reporters: readonly string[];
  }

  export interface Execution {
    readonly item: { readonly name: string };
    readonly response?: { readonly code: number };
    readonly requestError?: Error;
  }

  export interface Summary {
    readonly run: { readonly executions: readonly Execution[] };
  }

  export function run(
    options: RunOptions,
    done: (error: Error | null, summary: Summary) => void,
  ): unknown;
}
