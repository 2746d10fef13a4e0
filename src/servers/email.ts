// What can be an Atlassian account's email.

/** Whether REST could take it for an Atlassian account's email. */
export function isEmail(text: string): boolean {
  return /^[^\s\p{C}:@]+@[^\s\p{C}:@]+$/u.test(text);
}
