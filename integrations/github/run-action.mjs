import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { applyMode } from "./apply-mode.mjs";
import { driftMode } from "./drift-mode.mjs";
import { readEvent } from "./event.mjs";
import { ActionError, exits } from "./failure.mjs";
import { createGithub } from "./github-api.mjs";
import { readInputs } from "./inputs.mjs";
import { planMode } from "./plan-mode.mjs";
import { secretsOf } from "./secrets.mjs";
import { createWorkflow } from "./workflow.mjs";

const modes = { plan: planMode, apply: applyMode, drift: driftMode };

/**
 * Does what the action was asked to, and returns the exit code of its step. Everything outside is
 * given: the environment, the network, the command line, and where the log goes.
 */
export async function runAction({ env, fetch, sleep, createTool, write }) {
  const workflow = createWorkflow({ env, write });
  let exit = exits.unexpected;
  let folder;
  try {
    const inputs = readInputs(env);
    const event = readEvent(env);
    folder = mkdtempSync(join(env.RUNNER_TEMP || tmpdir(), "cometform-"));
    const cwd = resolve(env.GITHUB_WORKSPACE || ".", inputs.workingDirectory);
    const secrets = secretsOf(env);
    exit = await modes[inputs.mode]({
      env,
      inputs,
      event,
      workflow,
      secrets,
      folder,
      github: createGithub({ env, token: inputs.githubToken, fetch, sleep }),
      tool: await createTool({ env, cwd, version: inputs.version }),
    });
  } catch (error) {
    if (!(error instanceof ActionError)) {
      throw error;
    }
    exit = error.exit;
    workflow.annotate({ level: "error", title: error.message, message: error.hint });
  } finally {
    workflow.output("exit-code", String(exit));
    // A later step may read what was handed on.
    const isHandedOn = ["receipt", "plan", "html"].some(workflow.hasOutput);
    if (folder !== undefined && !isHandedOn) {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return exit;
}
