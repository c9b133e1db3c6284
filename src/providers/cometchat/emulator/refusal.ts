import type { JsonObject } from "./json.ts";

/** What is wrong with which attribute, in the service's words. */
export type Details = Record<string, string[]>;

/** A call the emulated service refuses: thrown by routes, turned into an error reply in one place. */
export class ApiRefusal extends Error {
  override readonly name = "ApiRefusal";
  readonly status: number;
  readonly code: string;
  readonly details: Details | undefined;

  constructor(status: number, code: string, message: string, details?: Details) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

/** A refusal for attributes that are missing or not as they should be. */
export function invalid(details: Details): ApiRefusal {
  return new ApiRefusal(400, "ERR_BAD_REQUEST", "Failed to validate the data sent.", details);
}

/** A refusal for one attribute that is not as it should be. */
export function invalidAttribute(name: string, problem: string): ApiRefusal {
  return invalid({ [name]: [problem] });
}

/** A refusal with a code of its own and status 400. */
export function refused(code: string, message: string): ApiRefusal {
  return new ApiRefusal(400, code, message);
}

/** A refusal for something that is not there. */
export function notFound(code: string, message: string): ApiRefusal {
  return new ApiRefusal(404, code, message);
}

/** A refusal for a user that does not exist or is deactivated. */
export function userNotFound(uid: string): ApiRefusal {
  return notFound("ERR_UID_NOT_FOUND", `The user with UID ${uid} does not exist.`);
}

/** The error envelope around a refusal. */
export function errorBody(refusal: ApiRefusal, source: string): JsonObject {
  const error: JsonObject = {
    message: refusal.message,
    devMessage: refusal.message,
    source,
    code: refusal.code,
  };
  return { error: refusal.details === undefined ? error : { ...error, details: refusal.details } };
}

/** A call that breaks down after it has stored a part of its rows; the rest is as if never sent. */
export class HalfwayRefusal extends ApiRefusal {}

/** The failed row of a batch reply. */
export function failedRow(code: string, message: string): JsonObject {
  return refusedRow(new ApiRefusal(400, code, message));
}

/** The failed row of a batch reply, with what a call of its own would have been told. */
export function refusedRow({ code, message, details }: ApiRefusal): JsonObject {
  const error: JsonObject = { code, message, devMessage: message, source: "chat-api" };
  return { success: false, error: details === undefined ? error : { ...error, details } };
}
