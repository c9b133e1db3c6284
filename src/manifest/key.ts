import { isScalar, type Node, type Scalar } from "yaml";

/** Keys that mean something else to programs that read the value. */
export const reservedKeys: ReadonlySet<string> = new Set(["__proto__", "$secret"]);

/** A key as it was written, `007` and `yes` included; nothing for what cannot be a key. */
export function toKeyText(node: Node | null): string | undefined {
  if (!isScalar(node) || node.value === null) {
    return undefined;
  }
  return typeof node.value === "string" ? node.value : (node.source ?? String(node.value));
}

/** Whether the key is the merge key `<<`. */
export function isMergeKey(node: Node): boolean {
  return isScalar(node) && node.value === "<<" && isPlain(node);
}

/** Whether a scalar was written without quotes. */
export function isPlain(scalar: Scalar): boolean {
  return scalar.type === "PLAIN";
}
