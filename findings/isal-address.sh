#!/usr/bin/env bash
# ISA-L 2.30.0 (libisal2 of Debian 12): the bytes of a compressed text depend on the address of the compressor's state.
#
# One would expect a compressor to be a function: the same text, level and library give the same bytes. At levels 1 and 2
# ISA-L gives other bytes, of another length, at about one address in 550 for a text of 1 kB, and at one in 5000 for
# texts of 10 kB and more; the state and its working memory are zeroed before each run. All of them unpack to the same
# text. At level 3 no address made a difference.
# We meet it because staged files are compared by their bytes: an unchanged hour that is made again must give an
# unchanged file, and where the system puts memory differs from run to run. The same holds for caches and backups that
# name packed data by its hash.
#
# Seen (AMD EPYC, AVX2):
#   level 1: 314 bytes; 18 of 9999 other addresses give other bytes, the first of them 315
#   level 2: 314 bytes; 18 of 9999 other addresses give other bytes, the first of them 315
#   level 3: 314 bytes; 0 of 9999 other addresses give other bytes
#
# Needs Debian 12 on amd64, a C compiler and gzip. Fails when this is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download libisal2=2.30.0-5 libisal-dev=2.30.0-5
for package in ./*.deb; do dpkg -x "$package" .; done

cat > pack.c <<'C'
#define _GNU_SOURCE
#include <isa-l/igzip_lib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { room = 4096, lines = 20, addresses = 10000 };
static uint8_t text[room], first[room], other[room], memory[ISAL_DEF_LVL3_DEFAULT];
static size_t length;
static uint64_t state = 1;

static unsigned long draw(unsigned long below) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (state >> 17) % below;
}

static void write_text(void) {
    for (int line = 0; line < lines; line++) {
        unsigned long coin = draw(900), price = draw(9000), cents = draw(1000), size = draw(100000);
        length += (size_t)sprintf((char *)text + length, "{\"symbol\":\"C%lu\",\"price\":%lu.%lu,\"size\":%lu}\n", coin,
                                  price, cents, size);
    }
}

static size_t pack(struct isal_zstream *stream, int level, uint8_t *output) {
    memset(stream, 0, sizeof *stream);
    memset(memory, 0, sizeof memory);
    isal_deflate_stateless_init(stream);
    stream->level = (uint32_t)level;
    stream->level_buf = memory;
    stream->level_buf_size = sizeof memory;
    stream->gzip_flag = IGZIP_GZIP;
    stream->end_of_stream = 1;
    stream->next_in = text;
    stream->avail_in = (uint32_t)length;
    stream->next_out = output;
    stream->avail_out = room;
    return isal_deflate_stateless(stream) == COMP_OK ? stream->total_out : 0;
}

static struct isal_zstream *place(void) {
    void *wish = (void *)(0x10000000000 + draw(0x6000000) * 0x100000);
    void *memory = mmap(wish, sizeof(struct isal_zstream), PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    return memory == wish ? memory : NULL;
}

static void save(const char *name, const void *bytes, size_t count) {
    FILE *file = fopen(name, "wb");
    if (!file || fwrite(bytes, 1, count, file) != count || fclose(file)) exit(2);
}

int main(int count, char **arguments) {
    int level = count > 1 ? atoi(arguments[1]) : 1, tried = 0, differ = 0;
    size_t size = 0, other_size = 0;
    write_text();
    save("text", text, length);
    for (int turn = 0; turn < addresses; turn++) {
        struct isal_zstream *stream = place();
        if (!stream) continue;
        size_t packed = pack(stream, level, tried ? other : first);
        munmap(stream, sizeof *stream);
        if (!packed) return 2;
        if (tried++ == 0) size = packed, save("first.gz", first, size);
        else if (packed != size || memcmp(first, other, size)) {
            if (differ++ == 0) other_size = packed, save("other.gz", other, packed);
        }
    }
    printf("level %d: %zu bytes; %d of %d other addresses give other bytes", level, size, differ, tried - 1);
    if (differ) printf(", the first of them %zu", other_size);
    printf("\n");
    return differ ? 0 : 1;
}
C
"${CC:-cc}" -O1 -Iusr/include -o pack pack.c -Lusr/lib/x86_64-linux-gnu -lisal -Wl,-rpath,"$folder/usr/lib/x86_64-linux-gnu"

for level in 1 2; do
    ./pack "$level" || { echo "isal-address: no other bytes at level $level" >&2; exit 1; }
    for packed in first.gz other.gz; do gzip -dc "$packed" | cmp - text; done
done
status=0
./pack 3 || status=$?
[ "$status" = 1 ] || { echo "isal-address: other bytes at level 3, too" >&2; exit 1; }
