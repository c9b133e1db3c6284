import { fastest, measureNode } from "./measure.mjs";

/** What it takes to say anything at all, beside what Node takes to say nothing. */
export async function measureStartup({ cli, folder }, times) {
  const node = await fastest(times, () => measureNode(["-e", "0"], { cwd: folder }));
  const help = await fastest(times, () => measureNode([cli, "plan", "--help"], { cwd: folder }));
  return { node, help };
}
