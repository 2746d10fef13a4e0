// What Bitbucket answers: status, headers, body. docs/bitbucket.md, "REST".

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export const basicRealm = 'Basic realm="Bitbucket.org HTTP"';
const oauthRealm = 'OAuth realm="Bitbucket.org HTTP"';

export const noAccess =
  "You may not have access to this repository or it no longer exists in this workspace. If you think this repository exists and you have access, make sure you are authenticated.";

export const lacksScope = "Your credentials lack one or more required privilege scopes.";

/** What git prints behind `remote:`. */
export const gitTexts = {
  noAccess,
  lacksScope,
  removed: [
    "CHANGE-3222 - Functionality has been deprecated",
    "App passwords are deprecated and must be replaced with API tokens.",
    "https://developer.atlassian.com/cloud/bitbucket/changelog#CHANGE-3222",
  ].join("\n"),
  accountPassword: [
    "Bitbucket Cloud recently stopped supporting account passwords for Git authentication.",
    "See our community post for more details: https://atlassian.community/t5/x/x/ba-p/1948231",
    "App passwords are recommended for most use cases and can be created in your Personal settings:",
    "https://bitbucket.org/account/settings/app-passwords/",
  ].join("\n"),
  address: "To access this repository, an admin must whitelist your IP.",
  twoStep: "To access this repository, enable two-step authentication.",
  noPermission:
    "The requested repository either does not exist or you do not have access. If you believe this repository exists and you have access, make sure you're authenticated.",
} as const;

/** A text that git shows as `remote: …`. */
export function gitRefusal(status: number, text: string): Answer {
  const headers: Record<string, string> = { "content-type": "text/plain; charset=utf-8" };
  if (status === 401) headers["www-authenticate"] = basicRealm;
  return { status, headers, body: `${text}\n` };
}

export function json(status: number, body: unknown, headers: Answer["headers"] = {}): Answer {
  const type = { "content-type": "application/json; charset=utf-8" };
  return { status, headers: { ...type, ...headers }, body: JSON.stringify(body) };
}

/** REST's envelope. */
export function restError(
  status: number,
  message: string,
  options: { readonly detail?: unknown; readonly headers?: Answer["headers"] } = {},
): Answer {
  const { detail, headers } = options;
  const error = detail === undefined ? { message } : { message, detail };
  return json(status, { type: "error", error }, headers);
}

/** Wrong user name or secret in Basic: the body is empty. */
export function restWrongPair(): Answer {
  return { status: 401, headers: { "www-authenticate": basicRealm }, body: "" };
}

export function restInvalidToken(): Answer {
  return restError(401, "Token is invalid, expired, or not supported for this endpoint.", {
    headers: { "www-authenticate": basicRealm },
  });
}

export function restExpiredOauth(): Answer {
  return restError(
    401,
    "Access token expired. Use your refresh token to obtain a new access token.",
    { headers: { "www-authenticate": oauthRealm } },
  );
}
