// Provisions an app from code: rooms for the teams of a company, from data that the program has.
// Run it as it is, against an emulated app: node examples/library/provision.mjs
import {
  apply,
  connect,
  loadManifest,
  plan,
  renderDiagnostics,
  renderPlan,
  renderReport,
  startEmulator,
} from "cometform";

const teams = [
  { id: "design", name: "Design", lead: "grace" },
  { id: "field", name: "Field work", lead: "ravi" },
];
const people = { grace: "Grace Abara", ravi: "Ravi Menon", mei: "Mei Tanaka" };

const loaded = loadManifest(
  {
    version: 1,
    stack: "teams",
    users: Object.fromEntries(Object.entries(people).map(([uid, name]) => [uid, { name }])),
    groups: {
      ...Object.fromEntries(
        teams.map(({ id, name, lead }) => [
          id,
          { name, owner: lead, members: { participants: ["mei"] } },
        ]),
      ),
      // A password is no part of any manifest: it is a variable.
      board: { name: "Board", type: "password", password: "${BOARD_PASSWORD}", owner: "grace" },
    },
  },
  { variables: { BOARD_PASSWORD: "correct horse" } },
);
if (!loaded.ok) {
  console.error(renderDiagnostics(loaded.diagnostics));
  process.exit(1);
}
const manifest = loaded.value;

const emulator = await startEmulator();
// Your own app instead: connect({ manifest, appId, region: "eu", apiKey: process.env.COMETCHAT_API_KEY })
const app = await connect({ manifest, ...emulator.app });
try {
  const proposed = await plan({ manifest, app });
  console.log(renderPlan(proposed));
  if (proposed.applicable) {
    const report = await apply(proposed, { manifest, app });
    // Without how long it took, so that it prints the same each time.
    console.log(renderReport({ ...report, durationMs: 0 }, { plan: proposed }));
    process.exitCode = report.converged ? 0 : 1;
  }
} finally {
  app.close();
  await emulator.close();
}
