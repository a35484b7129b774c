/* A slow cable: two network interfaces of the kernel's (TUN); what is sent into one comes out of the
   other, later. Arguments: the names of both. Each line on stdin is a new delay in milliseconds, -1 for
   a cable that is cut. Says "ready" once both are there. */
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define MOST 4096
#define LONGEST 1600

struct packet { long long due; int to; int length; char bytes[LONGEST]; };
static struct packet waiting[MOST];
static int first, count;

static long long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static int tun(const char *name) {
  struct ifreq request;
  int fd = open("/dev/net/tun", O_RDWR);
  memset(&request, 0, sizeof request);
  request.ifr_flags = IFF_TUN | IFF_NO_PI;
  strncpy(request.ifr_name, name, IFNAMSIZ - 1);
  if (fd < 0 || ioctl(fd, TUNSETIFF, &request) < 0) {
    perror(name);
    exit(1);
  }
  return fd;
}

int main(int argc, char **argv) {
  struct pollfd ends[3];
  long long delay = 0;
  char line[64];
  int i;
  if (argc != 3) return 2;
  for (i = 0; i < 2; i++) { ends[i].fd = tun(argv[i + 1]); ends[i].events = POLLIN; }
  ends[2].fd = 0;
  ends[2].events = POLLIN;
  puts("ready");
  fflush(stdout);
  for (;;) {
    struct timespec wait = {3600, 0};
    if (count > 0) {
      long long left = waiting[first].due - now();
      if (left < 0) left = 0;
      wait.tv_sec = left / 1000000000LL;
      wait.tv_nsec = left % 1000000000LL;
    }
    if (ppoll(ends, 3, &wait, NULL) < 0) return 1;
    while (count > 0 && waiting[first].due <= now()) {
      struct packet *p = &waiting[first];
      if (write(ends[p->to].fd, p->bytes, p->length) < 0) { /* that end is not up: as on a cable */ }
      first = (first + 1) % MOST;
      count--;
    }
    for (i = 0; i < 2; i++) {
      if (ends[i].revents & POLLIN) {
        struct packet *p = &waiting[(first + count) % MOST];
        int length = read(ends[i].fd, p->bytes, LONGEST);
        if (length > 0 && delay >= 0 && count < MOST - 1) {
          p->due = now() + delay;
          p->to = 1 - i;
          p->length = length;
          count++;
        }
      }
    }
    if (ends[2].revents & (POLLIN | POLLHUP)) {
      int length = read(0, line, sizeof line - 1);
      if (length <= 0) return 0;
      line[length] = 0;
      delay = atoll(line) < 0 ? -1 : atoll(line) * 1000000LL;
      puts("ready");
      fflush(stdout);
    }
  }
}
