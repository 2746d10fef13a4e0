/* git.exe for the tests under Wine: hands what it was asked to a real git outside, and gives its answer. See git-bridge.ts.
 * A request is a file FOLDER\ID.request of fields that each end with a NUL: the current folder, how many arguments, these, how
 * many variables, these; what came on stdin follows. The answer is FOLDER\ID.answer: exit code and length of stdout, a
 * line each, then stdout and stderr. FOLDER is the one of this program. */
#include <windows.h>
#include <shellapi.h>
#include <stdio.h>
#include <stdlib.h>

static FILE *request;

static void put(const WCHAR *text) {
  int size = WideCharToMultiByte(CP_UTF8, 0, text, -1, NULL, 0, NULL, NULL);
  char *bytes = malloc(size);
  WideCharToMultiByte(CP_UTF8, 0, text, -1, bytes, size, NULL, NULL);
  fwrite(bytes, 1, size, request);
  free(bytes);
}

static void put_number(int number) {
  fprintf(request, "%d", number);
  fputc('\0', request);
}

static void pass(HANDLE from, FILE *to) {
  char bytes[4096];
  DWORD count;
  while (ReadFile(from, bytes, sizeof bytes, &count, NULL) && count > 0) fwrite(bytes, 1, count, to);
}

static void give(DWORD stream, const char *bytes, size_t count) {
  HANDLE to = GetStdHandle(stream);
  DWORD written;
  while (count > 0 && WriteFile(to, bytes, (DWORD)count, &written, NULL)) {
    bytes += written;
    count -= written;
  }
}

int main(void) {
  WCHAR folder[MAX_PATH * 4], name[MAX_PATH * 4], ready[MAX_PATH * 4], answer[MAX_PATH * 4];
  GetModuleFileNameW(NULL, folder, MAX_PATH * 4);
  *wcsrchr(folder, L'\\') = L'\0';
  unsigned long id = GetCurrentProcessId() ^ (GetTickCount() << 12);
  swprintf(name, MAX_PATH * 4, L"%ls\\%lu.part", folder, id);
  swprintf(ready, MAX_PATH * 4, L"%ls\\%lu.request", folder, id);
  swprintf(answer, MAX_PATH * 4, L"%ls\\%lu.answer", folder, id);
  request = _wfopen(name, L"wb");
  if (request == NULL) return 127;

  WCHAR current[MAX_PATH * 4];
  GetCurrentDirectoryW(MAX_PATH * 4, current);
  put(current);
  int count;
  WCHAR **words = CommandLineToArgvW(GetCommandLineW(), &count);
  put_number(count - 1);
  for (int each = 1; each < count; each += 1) put(words[each]);
  WCHAR *variables = GetEnvironmentStringsW();
  int variable_count = 0;
  for (WCHAR *each = variables; *each != L'\0'; each += wcslen(each) + 1) variable_count += 1;
  put_number(variable_count);
  for (WCHAR *each = variables; *each != L'\0'; each += wcslen(each) + 1) put(each);
  pass(GetStdHandle(STD_INPUT_HANDLE), request);
  fclose(request);
  MoveFileW(name, ready);

  FILE *answered = NULL;
  while ((answered = _wfopen(answer, L"rb")) == NULL) Sleep(2);
  int code;
  size_t length, size = 0, room = 1 << 16;
  char line[64], *bytes = malloc(room);
  fgets(line, sizeof line, answered);
  code = atoi(line);
  fgets(line, sizeof line, answered);
  length = (size_t)atol(line);
  for (size_t read; (read = fread(bytes + size, 1, room - size, answered)) > 0;) {
    size += read;
    if (size == room) bytes = realloc(bytes, room *= 2);
  }
  fclose(answered);
  DeleteFileW(answer);
  give(STD_OUTPUT_HANDLE, bytes, length);
  give(STD_ERROR_HANDLE, bytes + length, size - length);
  return code;
}
