// Everything hostile or odd that a helper can be sent, in one table: refused, not ours, or ours with exactly these fields.
// Behind it: CVE-2020-5260, CVE-2020-11008, CVE-2024-50338, CVE-2024-52006, CVE-2024-53263, CVE-2024-53858, CVE-2025-23040.
import { describe, expect, test } from "vitest";
import { maxRequestBytes, parseAttributes } from "../../src/protocol/attributes.ts";
import { readTarget } from "../../src/accounts/target.ts";
import { isOurs, readRequest } from "../../src/protocol/request.ts";
import { refusedOr } from "../support/refused.ts";

interface Fields {
  readonly path?: string;
  readonly username?: string;
  readonly password?: string;
  readonly passwordExpiry?: number;
  readonly ephemeral?: boolean;
  readonly capabilities?: readonly string[];
}
type Outcome = "refused" | "not ours" | Fields;
type Row = readonly [title: string, input: Buffer, outcome: Outcome];

const hosts = new Set(["bitbucket.org", "bitbucket.example:8443"]);
const ours = "protocol=https\nhost=bitbucket.org\n";

function bytes(...parts: (string | readonly number[])[]): Buffer {
  return Buffer.concat(
    parts.map((part) => (typeof part === "string" ? Buffer.from(part) : Buffer.from(part))),
  );
}

// --- line separators of all kinds, in every place a value or key of another's making can stand

interface Separator {
  readonly title: string;
  readonly bytes: readonly number[];
  /** `line` ends a line or is refused outright, `text` is UTF-8, `bytes` is not. */
  readonly is: "line" | "text" | "bytes";
}

function utf8(title: string, text: string): Separator {
  return { title, bytes: [...Buffer.from(text)], is: "text" };
}

const separators: readonly Separator[] = [
  { title: "LF", bytes: [0x0a], is: "line" },
  { title: "CR", bytes: [0x0d], is: "line" },
  { title: "CRLF", bytes: [0x0d, 0x0a], is: "line" },
  { title: "LFCR", bytes: [0x0a, 0x0d], is: "line" },
  { title: "CRCRLF", bytes: [0x0d, 0x0d, 0x0a], is: "line" },
  { title: "NUL", bytes: [0x00], is: "line" },
  utf8("VT", "\v"),
  utf8("FF", "\f"),
  utf8("FS", "\u{1c}"),
  utf8("RS", "\u{1e}"),
  utf8("NEL", "\u{85}"),
  utf8("U+2028", "\u{2028}"),
  utf8("U+2029", "\u{2029}"),
  utf8("U+010A, which latin1 would cut to LF", "\u{10a}"),
  utf8("U+010D, which latin1 would cut to CR", "\u{10d}"),
  utf8("U+240A, the picture of LF", "\u{240a}"),
  { title: "raw NEL byte", bytes: [0x85], is: "bytes" },
  { title: "0x8A, which ascii would turn to LF", bytes: [0x8a], is: "bytes" },
  { title: "0x8D, which ascii would turn to CR", bytes: [0x8d], is: "bytes" },
  { title: "overlong LF", bytes: [0xc0, 0x8a], is: "bytes" },
  { title: "UTF-16 LF", bytes: [0x0a, 0x00], is: "line" },
];

const tail = "host=victim.example";

const separatorRows = separators.flatMap((separator): Row[] => {
  const text = Buffer.from(separator.bytes).toString();
  const inText = (key: "path" | "username" | "password"): Row => [
    `${separator.title} in ${key}`,
    bytes(ours, `${key}=evil`, separator.bytes, tail, "\n"),
    separator.is === "text" ? { [key]: `evil${text}${tail}` } : "refused",
  ];
  const ignored = (title: string, ...line: Parameters<typeof bytes>): Row => [
    `${separator.title} in ${title}`,
    bytes(ours, ...line, "\n"),
    separator.is === "line" ? "refused" : {},
  ];
  return [
    inText("path"),
    inText("username"),
    inText("password"),
    ignored("wwwauth[]", "wwwauth[]=Basic realm=x", separator.bytes, tail),
    ignored("an unknown value", "novelty=x", separator.bytes, tail),
    ignored("an unknown key", "novelty", separator.bytes, tail),
    [
      `${separator.title} in host`,
      bytes("protocol=https\nhost=bitbucket.org", separator.bytes, ".evil.example\n"),
      separator.is === "text" ? "not ours" : "refused",
    ],
  ];
});

// --- hosts that look like ours

const hostRows = (
  [
    ["as it is", "bitbucket.org", {}],
    ["www", "www.bitbucket.org", {}],
    ["upper case", "BITBUCKET.ORG", {}],
    ["mixed case with www", "Www.BitBucket.Org", {}],
    ["default port", "bitbucket.org:443", {}],
    ["default port and upper case", "BitBucket.org:443", {}],
    ["www with default port", "www.bitbucket.org:443", {}],
    ["a configured host with its port", "bitbucket.example:8443", {}],
    ["a configured host in upper case", "BITBUCKET.EXAMPLE:8443", {}],
    ["a configured host without its port", "bitbucket.example", "not ours"],
    ["a configured host, other port", "bitbucket.example:9443", "not ours"],
    ["other port", "bitbucket.org:8443", "not ours"],
    ["port 80", "bitbucket.org:80", "not ours"],
    ["empty port", "bitbucket.org:", "not ours"],
    ["port with leading zero", "bitbucket.org:0443", "not ours"],
    ["default port twice", "bitbucket.org:443:443", "not ours"],
    ["port with sign", "bitbucket.org:+443", "not ours"],
    ["port with space", "bitbucket.org: 443", "not ours"],
    ["port past 16 bits", "bitbucket.org:65979", "not ours"],
    ["port in fullwidth digits", "bitbucket.org:４４３", "not ours"],
    ["Kelvin sign", "bitbuc\u{212a}et.org", "not ours"],
    ["dotless i", "b\u{131}tbucket.org", "not ours"],
    ["capital dotted I", "b\u{130}tbucket.org", "not ours"],
    ["long s", "bitbucket.org\u{17f}", "not ours"],
    ["fullwidth b", "\u{ff42}itbucket.org", "not ours"],
    ["Cyrillic о", "bitbucket.\u{43e}rg", "not ours"],
    ["ideographic full stop", "bitbucket\u{3002}org", "not ours"],
    ["fullwidth full stop", "bitbucket\u{ff0e}org", "not ours"],
    ["one dot leader", "bitbucket\u{2024}org", "not ours"],
    ["combining mark", "bitbucket.org\u{301}", "not ours"],
    ["zero width space", "bitbucket\u{200b}.org", "not ours"],
    ["zero width joiner at the end", "bitbucket.org\u{200d}", "not ours"],
    ["soft hyphen", "bit\u{ad}bucket.org", "not ours"],
    ["bidi override", "\u{202e}gro.tekcubtib", "not ours"],
    ["no-break space", "bitbucket.org\u{a0}", "not ours"],
    ["byte order mark", "\u{feff}bitbucket.org", "not ours"],
    ["punycode", "xn--bitbucket-.org", "not ours"],
    ["trailing dot", "bitbucket.org.", "not ours"],
    ["trailing dot and port", "bitbucket.org.:443", "not ours"],
    ["leading dot", ".bitbucket.org", "not ours"],
    ["two dots", "bitbucket..org", "not ours"],
    ["trailing space", "bitbucket.org ", "not ours"],
    ["leading space", " bitbucket.org", "not ours"],
    ["trailing tab", "bitbucket.org\t", "not ours"],
    ["tab inside", "bit\tbucket.org", "not ours"],
    ["suffix trap", "evilbitbucket.org", "not ours"],
    ["suffix trap with hyphen", "evil-bitbucket.org", "not ours"],
    ["prefix trap", "bitbucket.org.evil.example", "not ours"],
    ["prefix trap without dot", "bitbucket.orgevil.example", "not ours"],
    ["subdomain", "api.bitbucket.org", "not ours"],
    ["subdomain of www", "x.www.bitbucket.org", "not ours"],
    ["other top level", "bitbucket.com", "not ours"],
    ["dot taken for any character", "bitbucketXorg", "not ours"],
    ["userinfo before", "bitbucket.org@evil.example", "not ours"],
    ["userinfo of another", "evil.example@bitbucket.org", "not ours"],
    ["user and password", "u:p@bitbucket.org", "not ours"],
    ["backslash", "bitbucket.org\\.evil.example", "not ours"],
    ["backslash before", "evil.example\\bitbucket.org", "not ours"],
    ["slash", "bitbucket.org/", "not ours"],
    ["path inside", "evil.example/bitbucket.org", "not ours"],
    ["fragment", "evil.example#bitbucket.org", "not ours"],
    ["fragment behind", "bitbucket.org#", "not ours"],
    ["query", "bitbucket.org?", "not ours"],
    ["percent", "bitbucket%2eorg", "not ours"],
    ["percent NUL", "bitbucket.org%00.evil.example", "not ours"],
    ["percent LF", "bitbucket.org%0ahost=evil", "not ours"],
    ["equals sign", "bitbucket.org=evil.example", "not ours"],
    ["comma list", "bitbucket.org,evil.example", "not ours"],
    ["wildcard", "*.org", "not ours"],
    ["whole URL", "https://bitbucket.org", "not ours"],
    ["brackets", "[bitbucket.org]", "not ours"],
    ["IPv6 with port", "[::1]:443", "not ours"],
    ["IPv4", "104.192.137.13", "not ours"],
    ["localhost", "localhost", "not ours"],
    ["prototype key", "__proto__", "not ours"],
    ["constructor", "constructor", "not ours"],
    ["only a port", ":443", "not ours"],
  ] as const
).map(([title, host, outcome]): Row => [
  `host: ${title}`,
  bytes(`protocol=https\nhost=${host}\n`),
  outcome,
]);

// --- protocol and host: missing, empty, twice, of another kind

const identityRows: readonly Row[] = [
  ["nothing at all", bytes(""), "refused"],
  ["only a blank line", bytes("\n"), "refused"],
  ["no protocol", bytes("host=bitbucket.org\n"), "refused"],
  ["empty protocol", bytes("protocol=\nhost=bitbucket.org\n"), "refused"],
  ["no host", bytes("protocol=https\n"), "refused"],
  ["empty host", bytes("protocol=https\nhost=\n"), "refused"],
  ["empty host with a path", bytes("protocol=https\nhost=\npath=bitbucket.org/a\n"), "refused"],
  ["http", bytes("protocol=http\nhost=bitbucket.org\n"), "not ours"],
  ["http on port 443", bytes("protocol=http\nhost=bitbucket.org:443\n"), "not ours"],
  ["ssh", bytes("protocol=ssh\nhost=bitbucket.org\n"), "not ours"],
  ["cert", bytes("protocol=cert\nhost=bitbucket.org\n"), "not ours"],
  ["https in upper case", bytes("protocol=HTTPS\nhost=bitbucket.org\n"), "not ours"],
  ["https with a space", bytes("protocol=https \nhost=bitbucket.org\n"), "not ours"],
  ["https with colon", bytes("protocol=https:\nhost=bitbucket.org\n"), "not ours"],
  ["https with long s", bytes("protocol=http\u{17f}\nhost=bitbucket.org\n"), "not ours"],
  ["other host first", bytes("host=evil.example\n", ours), "refused"],
  ["same host twice", bytes(ours, "host=bitbucket.org\n"), "refused"],
  ["other host after", bytes(ours, "host=evil.example\n"), "refused"],
  ["second host empty", bytes(ours, "host=\n"), "refused"],
  ["protocol twice", bytes(ours, "protocol=https\n"), "refused"],
  ["path twice", bytes(ours, "path=a/b\npath=c/d\n"), "refused"],
  ["username twice", bytes(ours, "username=a\nusername=b\n"), "refused"],
  ["password twice", bytes(ours, "password=a\npassword=a\n"), "refused"],
  ["expiry twice", bytes(ours, "password_expiry_utc=1\npassword_expiry_utc=2\n"), "refused"],
  ["refresh token twice", bytes(ours, "oauth_refresh_token=a\noauth_refresh_token=b\n"), "refused"],
  ["authtype twice", bytes(ours, "authtype=Basic\nauthtype=Bearer\n"), "refused"],
  ["credential twice", bytes(ours, "credential=a\ncredential=b\n"), "refused"],
  ["ephemeral twice", bytes(ours, "ephemeral=0\nephemeral=1\n"), "refused"],
  ["continue twice", bytes(ours, "continue=0\ncontinue=1\n"), "refused"],
  ["quit twice", bytes(ours, "quit=0\nquit=1\n"), "refused"],
  ["url twice", bytes(ours, "url=https://a\nurl=https://b\n"), "refused"],
  ["url does not count", bytes(ours, "url=https://evil.example/x\n"), {}],
  ["url in place of host", bytes("url=https://bitbucket.org/\n"), "refused"],
  ["unknown key twice", bytes(ours, "novelty=a\nnovelty=b\n"), {}],
  ["host as a list", bytes(ours, "host[]=evil.example\n"), {}],
  ["host only as a list", bytes("protocol=https\nhost[]=bitbucket.org\n"), "refused"],
  ["key in upper case", bytes("protocol=https\nHOST=bitbucket.org\n"), "refused"],
  ["key in upper case beside", bytes(ours, "HOST=evil.example\n"), {}],
  ["space before the key", bytes("protocol=https\n host=bitbucket.org\n"), "refused"],
  ["space behind the key", bytes("protocol=https\nhost =bitbucket.org\n"), "refused"],
  ["fullwidth equals sign", bytes("protocol=https\nhost＝bitbucket.org\n"), "refused"],
  ["key of fullwidth letters", bytes(ours, "\u{ff48}\u{ff4f}\u{ff53}\u{ff54}=evil.example\n"), {}],
  ["key with a long s", bytes(ours, "ho\u{17f}t=evil.example\n"), {}],
  ["key of look-alike letters", bytes(ours, "h\u{43e}st=evil.example\n"), {}],
];

// --- lines and their ends

const lineRows: readonly Row[] = [
  ["blank line at the end", bytes(ours, "\n"), {}],
  ["what follows a blank line is not read", bytes(ours, "\nhost=evil.example\n"), {}],
  ["not even without key=value", bytes(ours, "\nevil"), {}],
  ["blank line before host", bytes("protocol=https\n\nhost=bitbucket.org\n"), "refused"],
  ["all CRLF", bytes("protocol=https\r\nhost=bitbucket.org\r\n"), {}],
  ["all CRLF with a blank line", bytes("protocol=https\r\nhost=bitbucket.org\r\n\r\n"), {}],
  ["CRLF, then LF", bytes("protocol=https\r\nhost=bitbucket.org\n"), "refused"],
  ["LF, then CRLF", bytes("protocol=https\nhost=bitbucket.org\r\n"), "refused"],
  ["LF with a CRLF blank line", bytes(ours, "\r\n"), "refused"],
  ["CRLF with an LF blank line", bytes("protocol=https\r\nhost=bitbucket.org\r\n\n"), "refused"],
  ["all CR", bytes("protocol=https\rhost=bitbucket.org\r"), "refused"],
  ["CR before CRLF", bytes("protocol=https\r\nhost=bitbucket.org\r\r\n"), "refused"],
  ["last line without its end", bytes("protocol=https\nhost=bitbucket.org"), "refused"],
  ["cut inside a later line", bytes(ours, "path=acme/ap"), "refused"],
  ["cut inside a key", bytes(ours, "pa"), "refused"],
  ["cut after CR", bytes("protocol=https\r\nhost=bitbucket.org\r"), "refused"],
  ["line without equals sign", bytes(ours, "secret\n"), "refused"],
  ["line of a space", bytes(ours, " \n"), "refused"],
  ["line of an equals sign", bytes(ours, "=\n"), "refused"],
  ["empty key", bytes(ours, "=bitbucket.org\n"), "refused"],
  ["NUL in a key", bytes(ours, "pa", [0], "th=x\n"), "refused"],
  ["NUL at the end of a line", bytes("protocol=https\nhost=bitbucket.org", [0], "\n"), "refused"],
  ["NUL alone", bytes([0]), "refused"],
  ["equals signs in a value", bytes(ours, "path=a=b==c\n"), { path: "a=b==c" }],
  ["empty value", bytes(ours, "username=\n"), { username: "" }],
  ["empty path", bytes(ours, "path=\n"), { path: "" }],
  ["spaces stay", bytes(ours, "username= alice \n"), { username: " alice " }],
  ["tab stays", bytes(ours, "username=al\tice\n"), { username: "al\tice" }],
  ["quotes stay", bytes(ours, 'username="alice"\n'), { username: '"alice"' }],
  ["backslash n stays", bytes(ours, "path=a\\nhost=evil\n"), { path: "a\\nhost=evil" }],
  ["percent stays", bytes(ours, "path=a%0ahost=evil\n"), { path: "a%0ahost=evil" }],
  ["dots in a path stay", bytes(ours, "path=../../x\n"), { path: "../../x" }],
  ["escape sequence stays", bytes(ours, "username=\u{1b}[31m\n"), { username: "\u{1b}[31m" }],
];

// --- where readers with a buffer of fixed size would begin a new line: 71201ab0e5, wincred

const sizes = [
  1000, 1023, 1024, 1025, 4095, 4096, 4097, 65_534, 65_535, 65_536, 65_537, 100_000, 131_072,
];

const sizeRows = sizes.flatMap((size): Row[] => {
  const key = "wwwauth[]=";
  const username = "u".repeat(size - "username=\n".length);
  return [
    [
      `a line of ${size} bytes`,
      bytes(ours, `username=${username}\n`),
      size <= 65_535 ? { username } : "refused",
    ],
    [
      `a host behind ${size} bytes of wwwauth[]`,
      bytes(ours, key, "a".repeat(size - key.length), tail, "\n"),
      size + tail.length + 1 <= 65_535 ? {} : "refused",
    ],
    [
      `a host behind ${size} bytes of an unknown key`,
      bytes(ours, "n".repeat(size), tail, "\n"),
      size + tail.length + 1 <= 65_535 ? {} : "refused",
    ],
  ];
});

function requestOf(total: number): Buffer {
  const line = `novelty=${"x".repeat(1015)}\n`;
  const filler = line.repeat(Math.floor((total - ours.length) / line.length) - 1);
  const rest = total - ours.length - filler.length - "novelty=\n".length;
  return bytes(ours, filler, `novelty=${"x".repeat(rest)}\n`);
}

const totalRows: readonly Row[] = [
  ["1 MiB", requestOf(maxRequestBytes), {}],
  ["1 MiB and a byte", requestOf(maxRequestBytes + 1), "refused"],
  ["1 MiB behind a blank line", bytes(ours, "\n", "x".repeat(maxRequestBytes)), "refused"],
  ["a CRLF line of 65,535 bytes", crlfLine(65_535), { username: "u".repeat(65_524) }],
  ["a CRLF line of 65,536 bytes", crlfLine(65_536), "refused"],
  ["50,000 wwwauth[]", bytes(ours, "wwwauth[]=Basic\n".repeat(50_000)), {}],
  ["50,000 unknown keys", bytes(ours, "novelty=Basic\n".repeat(50_000)), {}],
];

function crlfLine(size: number): Buffer {
  const username = "u".repeat(size - "username=\r\n".length);
  return bytes("protocol=https\r\nhost=bitbucket.org\r\n", `username=${username}\r\n`);
}

// --- keys that mean something to JavaScript

const prototypeRows = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "valueOf",
  "hasOwnProperty",
  "__defineGetter__",
  "then",
  "length",
  "size",
  "get",
].flatMap((key): Row[] => [
  [`key ${key}`, bytes(ours, `${key}=evil\n`), {}],
  [`key ${key}[]`, bytes(ours, `${key}[]=evil\n`), {}],
  [`key ${key} and no host`, bytes(`protocol=https\n${key}=bitbucket.org\n`), "refused"],
]);

// --- stray encodings

const encodingRows: readonly Row[] = [
  ["byte order mark before the first key", bytes("\u{feff}", ours), "refused"],
  ["byte order mark before a second host", bytes(ours, "\u{feff}host=evil.example\n"), {}],
  [
    "byte order mark in a value stays",
    bytes(ours, "username=\u{feff}a\n"),
    { username: "\u{feff}a" },
  ],
  ["UTF-16LE", Buffer.from(ours, "utf16le"), "refused"],
  ["UTF-16LE with byte order mark", Buffer.from(`\u{feff}${ours}`, "utf16le"), "refused"],
  ["latin1 in username", bytes(ours, "username=Andr", [0xe9], "\n"), "refused"],
  ["latin1 in path", bytes(ours, "path=caf", [0xe9], "/x\n"), "refused"],
  ["latin1 in password", bytes(ours, "password=", [0xe9], "\n"), "refused"],
  ["latin1 in protocol", bytes("protocol=https", [0xe9], "\nhost=bitbucket.org\n"), "refused"],
  ["latin1 in host", bytes("protocol=https\nhost=bitbucket.org", [0xe9], "\n"), "refused"],
  ["latin1 in wwwauth[]", bytes(ours, "wwwauth[]=Basic realm=", [0xe9], "\n"), {}],
  ["latin1 in an unknown key", bytes(ours, [0xe9], "=x\n"), {}],
  ["UTF-8 in username", bytes(ours, "username=André\n"), { username: "André" }],
  ["UTF-8 beyond 16 bits", bytes(ours, "username=\u{1f600}\n"), { username: "\u{1f600}" }],
  ["not normalised", bytes(ours, "username=Andre\u{301}\n"), { username: "Andre\u{301}" }],
  ["overlong slash", bytes(ours, "path=a", [0xc0, 0xaf], "b\n"), "refused"],
  [
    "overlong dot in host",
    bytes("protocol=https\nhost=bitbucket", [0xc0, 0xae], "org\n"),
    "refused",
  ],
  ["overlong equals sign", bytes(ours, "host", [0xc0, 0xbd], "evil\n"), "refused"],
  ["surrogate in UTF-8", bytes(ours, "username=", [0xed, 0xa0, 0x80], "\n"), "refused"],
  ["past U+10FFFF", bytes(ours, "username=", [0xf4, 0x90, 0x80, 0x80], "\n"), "refused"],
  ["cut UTF-8", bytes(ours, "username=a", [0xe2, 0x80], "\n"), "refused"],
  ["0xFF", bytes(ours, "username=", [0xff], "\n"), "refused"],
  ["replacement character stays", bytes(ours, "username=\u{fffd}\n"), { username: "\u{fffd}" }],
  ["UTF-7", bytes(ours, "username=+AAo-\n"), { username: "+AAo-" }],
  ["bidi override stays", bytes(ours, "username=\u{202e}x\n"), { username: "\u{202e}x" }],
];

// --- what the other attributes may hold

const attributeRows: readonly Row[] = [
  ["expiry", bytes(ours, "password_expiry_utc=1900000000\n"), { passwordExpiry: 1_900_000_000 }],
  ["expiry in the past", bytes(ours, "password_expiry_utc=1\n"), { passwordExpiry: 1 }],
  ["expiry 0", bytes(ours, "password_expiry_utc=0\n"), {}],
  ["negative expiry", bytes(ours, "password_expiry_utc=-5\n"), {}],
  ["expiry with exponent", bytes(ours, "password_expiry_utc=1.5e9\n"), {}],
  ["expiry in hex", bytes(ours, "password_expiry_utc=0x7fffffff\n"), {}],
  ["expiry past 2^53", bytes(ours, "password_expiry_utc=9007199254740993\n"), {}],
  ["expiry past 2^64", bytes(ours, "password_expiry_utc=18446744073709551617\n"), {}],
  ["empty expiry", bytes(ours, "password_expiry_utc=\n"), {}],
  ["expiry in Arabic digits", bytes(ours, "password_expiry_utc=١٩\n"), {}],
  ["ephemeral", bytes(ours, "ephemeral=1\n"), { ephemeral: true }],
  ["ephemeral, as a word", bytes(ours, "ephemeral=TRUE\n"), { ephemeral: true }],
  ["ephemeral, unheard of", bytes(ours, "ephemeral=maybe\n"), { ephemeral: true }],
  ["not ephemeral", bytes(ours, "ephemeral=0\n"), {}],
  ["not ephemeral, as a word", bytes(ours, "ephemeral=No\n"), {}],
  ["ephemeral, empty", bytes(ours, "ephemeral=\n"), {}],
  [
    "capabilities",
    bytes(ours, "capability[]=authtype\ncapability[]=state\n"),
    { capabilities: ["authtype", "state"] },
  ],
  [
    "capabilities reset",
    bytes(ours, "capability[]=authtype\ncapability[]=\ncapability[]=state\n"),
    { capabilities: ["state"] },
  ],
  ["capabilities all reset", bytes(ours, "capability[]=authtype\ncapability[]=\n"), {}],
  ["capability without brackets", bytes(ours, "capability=authtype\n"), {}],
  ["empty password", bytes(ours, "username=\npassword=\n"), { username: "", password: "" }],
  ["credential without password", bytes(ours, "authtype=Bearer\ncredential=x\n"), {}],
];

const rows: readonly Row[] = [
  ...separatorRows,
  ...hostRows,
  ...identityRows,
  ...lineRows,
  ...sizeRows,
  ...totalRows,
  ...prototypeRows,
  ...encodingRows,
  ...attributeRows,
];

describe("a hostile request", () => {
  test("is one of many, each with a title of its own", () => {
    expect(rows.length).toBeGreaterThanOrEqual(150);
    expect(new Set(rows.map(([title]) => title)).size).toBe(rows.length);
  });

  test.each(rows)("%s", (_title, input, outcome) => {
    expect(outcomeIn(input)).toEqual(outcome);
  });

  test.each(rows.filter(([, , outcome]) => outcome === "refused"))(
    "is not quoted: %s",
    (_title, input) => {
      expect(() => readRequest(parseAttributes(input))).toThrow(ourWords);
    },
  );
});

// Every message there is, so nothing of the input can be in one.
const ourWords = new RegExp(
  `^the request was refused: (?:${[
    "more than 1 MiB",
    "a line without key=value",
    "the same key twice",
    "a last line without its end",
    "a line over 65535 bytes",
    "lines that end in different ways",
    "a carriage return inside a line",
    "a NUL byte",
    "a value that is not UTF-8",
    "no protocol",
    "no host",
  ].join("|")})$`,
  "u",
);

function outcomeIn(input: Buffer): Outcome {
  const request = refusedOr(() => readTarget(readRequest(parseAttributes(input))));
  if (request === "refused") return "refused";
  if (!isOurs(request, hosts)) return "not ours";
  const { path, username, password, passwordExpiry, ephemeral, capabilities } = request;
  return {
    ...(path !== undefined && { path }),
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password: password.reveal() }),
    ...(passwordExpiry !== undefined && { passwordExpiry }),
    ...(ephemeral && { ephemeral }),
    ...(capabilities.size > 0 && { capabilities: [...capabilities] }),
  };
}
