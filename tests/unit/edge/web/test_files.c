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

/* Links inside the folder: as ConfigMaps of Kubernetes lie (index.html -> ..data/index.html), as
 * stores of Nix do (to elsewhere), a folder, one that leads nowhere and one into itself. */
static const char *const links[][2] = {
    {"..data/config.json", "config.json"},     {"..one", "..data"}, {"..data/nested", "nested"},
    {"/usr/include/stdio.h", "elsewhere.txt"}, {"nothing", "lost"}, {".", "self"},
};
enum { LINKS = sizeof(links) / sizeof(links[0]) };

static void path_of(char path[160], const char *name)
{
    snprintf(path, 160, "%s/%s", folder, name);
}

static void put(const char *name, const char *text)
{
    char path[160];
    path_of(path, name);
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
    static const char *const folders[] = {"assets", "..one", "..one/nested"};
    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
        path_of(path, folders[i]);
        assert_int_equal(mkdir(path, 0700), 0);
    }
    put("index.html", "<h1>page</h1>");
    put("assets/game-AbCd_123.wasm", "plain");
    put("assets/game-AbCd_123.wasm.br", "brotli");
    put("assets/game-AbCd_123.wasm.gz", "gzip");
    put("assets/plain.js", "code");
    put(".hidden", "secret");
    put("..one/config.json", "{}");
    put("..one/nested/deep.txt", "deep");
    for (size_t i = 0; i < LINKS; i++) {
        path_of(path, links[i][1]);
        assert_int_equal(symlink(links[i][0], path), 0);
    }
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
                                        "..one/config.json",
                                        "..one/nested/deep.txt"};
    static const char *const folders[] = {"assets", "..one/nested", "..one", ""};
    char path[160];
    (void)state;
    files_destroy(files);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        path_of(path, names[i]);
        unlink(path);
    }
    for (size_t i = 0; i < LINKS; i++) {
        path_of(path, links[i][1]);
        unlink(path);
    }
    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
        path_of(path, folders[i]);
        rmdir(path);
    }
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

static void test_files_coding_has_a_weight(void **state)
{
    static const struct {
        const char *header;
        const char *want;
    } rows[] = {
        {"Accept-Encoding: br;q=1.0\r\n", "brotli"},
        {"Accept-Encoding: *\r\n", "brotli"},
        {"Accept-Encoding: br;q=0, gzip;q=0.5\r\n", "gzip"},
        {"Accept-Encoding: br;q=0.1, gzip;q=0.5\r\n", "gzip"},
        {"Accept-Encoding: br;q=0, gzip;q=0\r\n", "plain"},
        {"Accept-Encoding: br;q=0.5, identity\r\n", "plain"},
        {"", "plain"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        print_message("  %s\n", rows[i].header);
        assert_int_equal(ask("/assets/game-AbCd_123.wasm", rows[i].header), 200);
        assert_true(body_is(rows[i].want));
    }
}

static void test_files_etag_is_known_in_every_form(void **state)
{
    static const char *const forms[] = {"W/%.18s", "*%.0s", "\"x\", W/%.18s", "\"x\",%.18s"};
    char etag[19] = "";
    (void)state;
    assert_int_equal(ask("/", ""), 200);
    memcpy(etag, strchr(answer.headers, '"'), 18);
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        char value[64];
        char header[96];
        snprintf(value, sizeof(value), forms[i], etag);
        snprintf(header, sizeof(header), "If-None-Match: %s\r\n", value);
        print_message("  %s", header);
        assert_int_equal(ask("/", header), 304);
    }
    assert_int_equal(ask("/nothing", "If-None-Match: *\r\n"), 404);
}

static void test_files_reached_by_a_link_are_served(void **state)
{
    (void)state;
    assert_int_equal(ask("/config.json", ""), 200);
    assert_true(body_is("{}"));
    assert_int_equal(ask("/nested/deep.txt", ""), 200);
    assert_true(body_is("deep"));
    assert_int_equal(ask("/elsewhere.txt", ""), 200);
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
                                        "/lost",
                                        "/self/index.html",
                                        "/..data/config.json",
                                        "/nested/../config.json",
                                        "/elsewhere.txt/",
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
        cmocka_unit_test(test_files_coding_has_a_weight),
        cmocka_unit_test(test_files_etag_is_known_in_every_form),
        cmocka_unit_test(test_files_reached_by_a_link_are_served),
        cmocka_unit_test(test_files_path_that_leaves_the_folder_is_refused),
        cmocka_unit_test(test_files_folder_without_index_is_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
