/* test_files.c - what is in the folder is answered as a browser needs it, nothing else is reached.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "web/files.h"

static char folder[64];
static struct files *files;

static void put(const char *name, const char *text)
{
    char path[160];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static int set_up(void **state)
{
    char path[160];
    const char *why = NULL;
    (void)state;
    strcpy(folder, "/tmp/test-files-XXXXXX");
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/assets", folder);
    assert_int_equal(mkdir(path, 0700), 0);
    put("index.html", "<h1>page</h1>");
    put("assets/game-AbCd_123.wasm", "plain");
    put("assets/game-AbCd_123.wasm.br", "brotli");
    put("assets/game-AbCd_123.wasm.gz", "gzip");
    put("assets/plain.js", "code");
    put(".hidden", "secret");
    snprintf(path, sizeof(path), "%s/link.txt", folder);
    assert_int_equal(symlink("/etc/passwd", path), 0);
    files = files_create(folder, &why);
    assert_non_null(files);
    return 0;
}

static int tear_down(void **state)
{
    static const char *const names[] = {"index.html",
                                        "assets/game-AbCd_123.wasm",
                                        "assets/game-AbCd_123.wasm.br",
                                        "assets/game-AbCd_123.wasm.gz",
                                        "assets/plain.js",
                                        ".hidden",
                                        "link.txt"};
    char path[160];
    (void)state;
    files_destroy(files);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
        unlink(path);
    }
    snprintf(path, sizeof(path), "%s/assets", folder);
    rmdir(path);
    rmdir(folder);
    return 0;
}

static struct files_answer answer;

/* Asks for a path with up to one more header; returns the status. */
static int ask(const char *path, const char *header)
{
    static char head[1024];
    static struct sk_http_request request;
    int size = snprintf(head, sizeof(head), "GET %s HTTP/1.1\r\nHost: x\r\n%s\r\n", path, header);
    assert_int_equal(sk_http_request_parse(&request, (const uint8_t *)head, (size_t)size), SK_OK);
    files_answer(files, &request, &answer);
    return answer.response.status;
}

static bool body_is(const char *text)
{
    return answer.response.body_bytes == strlen(text) &&
           memcmp(answer.response.body, text, strlen(text)) == 0;
}

static void test_files_root_is_the_index_with_a_policy(void **state)
{
    (void)state;
    assert_int_equal(ask("/", ""), 200);
    assert_true(body_is("<h1>page</h1>"));
    assert_string_equal(answer.response.type, "text/html; charset=utf-8");
    assert_non_null(strstr(answer.headers, "'wasm-unsafe-eval'"));
    assert_non_null(strstr(answer.headers, "cache-control: no-cache"));
}

static void test_files_hashed_name_is_immutable_and_wasm_is_wasm(void **state)
{
    (void)state;
    assert_int_equal(ask("/assets/game-AbCd_123.wasm", ""), 200);
    assert_true(body_is("plain"));
    assert_string_equal(answer.response.type, "application/wasm");
    assert_non_null(strstr(answer.headers, "immutable"));
    assert_int_equal(ask("/assets/plain.js", ""), 200);
    assert_null(strstr(answer.headers, "immutable"));
}

static void test_files_compressed_goes_to_who_takes_it(void **state)
{
    (void)state;
    assert_int_equal(ask("/assets/game-AbCd_123.wasm", "Accept-Encoding: gzip, br\r\n"), 200);
    assert_true(body_is("brotli"));
    assert_non_null(strstr(answer.headers, "content-encoding: br"));
    assert_string_equal(answer.response.type, "application/wasm");
    assert_int_equal(ask("/assets/game-AbCd_123.wasm", "Accept-Encoding: gzip\r\n"), 200);
    assert_true(body_is("gzip"));
}

static void test_files_known_etag_is_not_sent_again(void **state)
{
    char header[64];
    (void)state;
    assert_int_equal(ask("/", ""), 200);
    const char *etag = strchr(answer.headers, '"');
    snprintf(header, sizeof(header), "If-None-Match: %.18s\r\n", etag);
    assert_int_equal(ask("/", header), 304);
    assert_int_equal(answer.response.body_bytes, 0);
    assert_int_equal(ask("/", "If-None-Match: \"0000000000000000\"\r\n"), 200);
}

/* `..%2f` and friends */
static void test_files_path_that_leaves_the_folder_is_refused(void **state)
{
    static const char *const paths[] = {"/../etc/passwd",
                                        "/..%2fetc/passwd",
                                        "/%2e%2e/etc/passwd",
                                        "/%2E%2E%2Fetc%2Fpasswd",
                                        "/assets/..%2f..%2fetc/passwd",
                                        "/..\\etc\\passwd",
                                        "/..%5cetc%5cpasswd",
                                        "/assets/%00",
                                        "/%c0%ae%c0%ae/etc/passwd",
                                        "/%252e%252e/etc/passwd",
                                        "//etc/passwd",
                                        "/link.txt",
                                        "/.hidden",
                                        "/assets",
                                        "/nothing"};
    (void)state;
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        print_message("  %s\n", paths[i]);
        int status = ask(paths[i], "");
        assert_true(status == 400 || status == 404);
    }
}

static void test_files_folder_without_index_is_refused(void **state)
{
    const char *why = NULL;
    char path[160];
    (void)state;
    snprintf(path, sizeof(path), "%s/assets", folder);
    assert_null(files_create(path, &why));
    assert_non_null(strstr(why, "index.html"));
    assert_null(files_create("/nowhere", &why));
    assert_non_null(strstr(why, "read"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files_root_is_the_index_with_a_policy),
        cmocka_unit_test(test_files_hashed_name_is_immutable_and_wasm_is_wasm),
        cmocka_unit_test(test_files_compressed_goes_to_who_takes_it),
        cmocka_unit_test(test_files_known_etag_is_not_sent_again),
        cmocka_unit_test(test_files_path_that_leaves_the_folder_is_refused),
        cmocka_unit_test(test_files_folder_without_index_is_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
