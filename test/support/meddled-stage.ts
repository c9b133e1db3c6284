import { afterEach, beforeEach } from "vitest";
import type { CliOptions, CliResult } from "./cli.ts";
import { type ChatProxy, type Meddle, serveProxy } from "./proxy.ts";
import { type Stage, setStage } from "./stage.ts";

/** A stage on which a proxy that can be told to meddle stands between command line and app. */
export interface MeddledStage extends Pick<Stage, "app" | "folder" | "put"> {
  meddle(how: Meddle): void;
  /** Takes the proxy away. */
  leave(): Promise<void>;
  /** Runs a command line through the proxy, in a home of its own. */
  run(line: string, options?: Partial<CliOptions>): Promise<CliResult>;
}

/** Sets such a stage anew for each test of a file, with `cometform.yaml` in its folder. */
export function setMeddledStage(manifest: string): MeddledStage {
  const stage = setStage("each");
  let proxy: ChatProxy | undefined;
  beforeEach(async () => {
    proxy = await serveProxy(stage.app.chatUrl);
    stage.put("cometform.yaml", manifest);
  });
  const leave = async () => proxy?.close();
  afterEach(leave);
  return {
    get app() {
      return stage.app;
    },
    get folder() {
      return stage.folder;
    },
    put: stage.put,
    meddle: (how) => proxy?.meddle(how),
    leave,
    run: (line, options = {}) => {
      const through = { HOME: stage.folder, COMETCHAT_BASE_URL: proxy?.chatUrl ?? "" };
      const env = { ...stage.app.env, ...through, ...options.env };
      return stage.run(line.split(" "), { ...options, env });
    },
  };
}
