/* bench_child.c - see bench_child.h. */
#include "bench_child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

enum { ARGUMENTS_MAX = 32 };

static void path_beside(const char *name, char *path, size_t capacity)
{
    ssize_t bytes = readlink("/proc/self/exe", path, capacity - 1);
    path[bytes > 0 ? bytes : 0] = '\0';
    char *last = strrchr(path, '/');
    if (last == NULL || strlen(name) + 2 > capacity - (size_t)(last - path)) {
        bench_die("%s cannot be found", name);
    }
    snprintf(last, capacity - (size_t)(last - path), "/%s", name);
}

static _Noreturn void run(const char *name, const char *const *arguments, int stdout_fd,
                          const char *log)
{
    char path[4096];
    const char *all[ARGUMENTS_MAX] = {path};
    if (strchr(name, '/') == NULL) {
        path_beside(name, path, sizeof(path));
    } else {
        snprintf(path, sizeof(path), "%s", name);
    }
    for (size_t i = 0; arguments[i] != NULL; i++) {
        if (i + 2 >= ARGUMENTS_MAX) {
            bench_die("%s: too many arguments", name);
        }
        all[i + 1] = arguments[i];
    }
    int log_fd = log == NULL ? STDERR_FILENO : open(log, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (log_fd < 0 || dup2(stdout_fd, STDOUT_FILENO) < 0 || dup2(log_fd, STDERR_FILENO) < 0) {
        bench_die("%s: %s", name, strerror(errno));
    }
    execv(path, (char *const *)all);
    bench_die("%s: %s", path, strerror(errno));
}

void bench_child_start(struct bench_child *child, const char *name, const char *const *arguments,
                       const char *log)
{
    int pipe_fds[2];
    child->name = name;
    if (pipe2(pipe_fds, O_CLOEXEC) != 0) {
        bench_die("pipe: %s", strerror(errno));
    }
    child->pid = fork();
    if (child->pid < 0) {
        bench_die("fork: %s", strerror(errno));
    }
    if (child->pid == 0) {
        run(name, arguments, pipe_fds[1], log);
    }
    close(pipe_fds[1]);
    child->lines = fdopen(pipe_fds[0], "r");
    if (child->lines == NULL) {
        bench_die("%s: %s", name, strerror(errno));
    }
}

void bench_child_line(struct bench_child *child, char *line, size_t capacity)
{
    if (fgets(line, (int)capacity, child->lines) == NULL) {
        bench_die("%s ended or says nothing", child->name);
    }
}

void bench_child_stop(struct bench_child *child)
{
    kill(child->pid, SIGTERM);
    waitpid(child->pid, NULL, 0);
    fclose(child->lines);
    child->pid = 0;
}

void bench_certificate_make(struct bench_certificate *certificate)
{
    char command[512];
    snprintf(certificate->folder, sizeof(certificate->folder), "/tmp/skirmish-bench-XXXXXX");
    if (mkdtemp(certificate->folder) == NULL) {
        bench_die("no folder in /tmp: %s", strerror(errno));
    }
    snprintf(certificate->cert, sizeof(certificate->cert), "%s/cert.pem", certificate->folder);
    snprintf(certificate->key, sizeof(certificate->key), "%s/key.pem", certificate->folder);
    snprintf(command, sizeof(command),
             "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 "
             "-subj /CN=localhost -keyout %s -out %s 2>/dev/null",
             certificate->key, certificate->cert);
    if (system(command) != 0) {
        bench_die("openssl(1) could not make a certificate");
    }
}

void bench_certificate_remove(const struct bench_certificate *certificate)
{
    unlink(certificate->cert);
    unlink(certificate->key);
    rmdir(certificate->folder);
}
