import { readFileSync, writeFileSync } from "node:fs";
import { startEmulator } from "./emulator.mjs";

/**
 * Writes a data file of the emulator with so many users, as fast as a file can be written. What a user looks like there
 * is learnt from one that is created by a call.
 *
 * `markEach` of 1 marks every user with the stack, 1,000 every thousandth.
 */
export async function seedUsers(bench, { path, users, markEach }) {
  await createTemplate(bench, path);
  const file = JSON.parse(readFileSync(path, "utf8"));
  const template = file.state.users.find(({ uid }) => uid === "template");
  const rows = users.map(({ uid, name }, n) =>
    JSON.stringify({
      ...template,
      uid,
      name,
      tags: n % markEach === 0 ? ["cometform:bench"] : [],
    }),
  );
  const text = JSON.stringify({ ...file, state: { ...file.state, users: [] } });
  writeFileSync(
    path,
    text.replace('"users":[]', () => `"users":[${rows.join(",")}]`),
  );
}

async function createTemplate({ cli }, path) {
  const emulator = await startEmulator(cli, ["--data", path]);
  const reply = await fetch(`${emulator.baseUrl}/users`, {
    method: "POST",
    headers: { apikey: emulator.apiKey, "content-type": "application/json" },
    body: JSON.stringify({ uid: "template", name: "Template" }),
  });
  await emulator.stop();
  if (!reply.ok) throw new Error(`The emulator refused a user with ${reply.status}.`);
}
