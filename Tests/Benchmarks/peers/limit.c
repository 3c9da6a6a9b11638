// The limit of `make bench`: what the libraries alone take for the bytes and rows that `reprocess` reads and writes.
//
//     limit RAW STAGED WAREHOUSE OUTPUT
//
// Before the clock starts, it reads the staged files that `reprocess` made into memory, and all rows of its warehouse.
// Then two threads inflate the raw files, compress the staged bytes once at our level and write them, while a third one
// inserts the rows by sqlite3_bind into the same schema. No JSON is read and nothing is worked out.
#define _GNU_SOURCE  // asprintf
#include <dirent.h>
#include <libdeflate.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

typedef struct {
    char *bytes;
    size_t count;
} Bytes;

typedef struct {
    char raw[512], output[512];
    Bytes staged;  // inflated
} File;

typedef struct {
    char *insert;
    int columns;
    size_t rows, room;
    sqlite3_value **values;  // rows x columns, row after row
} Table;

static File *files;
static size_t file_count, file_room;
static Table tables[64];
static int table_count;
static atomic_size_t next_file, raw_bytes, staged_bytes;

static void fail(const char *what, const char *why) {
    fprintf(stderr, "limit: %s: %s\n", what, why);
    exit(74);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec * 1e-9;
}

// MARK: - Files

static Bytes read_file(const char *path) {
    FILE *file = fopen(path, "rb");
    struct stat status;
    if (!file || fstat(fileno(file), &status)) fail(path, "cannot be read");
    Bytes bytes = {malloc(status.st_size + 1), status.st_size};
    if (fread(bytes.bytes, 1, bytes.count, file) != bytes.count) fail(path, "cannot be read");
    fclose(file);
    return bytes;
}

// Inflates a single gzip member, whose last four bytes say how much it holds.
static Bytes inflate(struct libdeflate_decompressor *inflater, Bytes packed, const char *path) {
    unsigned char *end = (unsigned char *)packed.bytes + packed.count;
    size_t count = end[-4] | end[-3] << 8 | end[-2] << 16 | (size_t)end[-1] << 24;
    Bytes plain = {malloc(count + 1), count};
    if (libdeflate_gzip_decompress(inflater, packed.bytes, packed.count, plain.bytes, count, NULL))
        fail(path, "is not one gzip member");
    return plain;
}

static int compare_files(const void *left, const void *right) {
    return strcmp(((const File *)left)->raw, ((const File *)right)->raw);
}

// Adds the files below `raw/<day>/<hour>`, and reads what `staged` has for them.
static void list(const char *raw, const char *staged, const char *output, int depth) {
    DIR *folder = opendir(raw);
    if (!folder) fail(raw, "cannot be listed");
    mkdir(output, 0755);
    for (struct dirent *entry; (entry = readdir(folder));) {
        char paths[3][512];
        if (entry->d_name[0] == '.') continue;
        snprintf(paths[0], 512, "%s/%s", raw, entry->d_name);
        snprintf(paths[1], 512, "%s/%s", staged, entry->d_name);
        snprintf(paths[2], 512, "%s/%s", output, entry->d_name);
        if (depth < 2) {
            list(paths[0], paths[1], paths[2], depth + 1);
        } else if (strstr(entry->d_name, ".ndjson.gz")) {
            if (file_count == file_room) files = realloc(files, (file_room = file_room * 2 + 64) * sizeof(File));
            File *file = &files[file_count++];
            strcpy(file->raw, paths[0]);
            strcpy(file->output, paths[2]);
            struct libdeflate_decompressor *inflater = libdeflate_alloc_decompressor();
            Bytes packed = read_file(paths[1]);
            file->staged = inflate(inflater, packed, paths[1]);
            free(packed.bytes);
            libdeflate_free_decompressor(inflater);
        }
    }
    closedir(folder);
}

static void *work_on_files(void *unused) {
    struct libdeflate_decompressor *inflater = libdeflate_alloc_decompressor();
    struct libdeflate_compressor *deflater = libdeflate_alloc_compressor(1);
    for (size_t place; (place = atomic_fetch_add(&next_file, 1)) < file_count;) {
        File *file = &files[place];
        Bytes packed = read_file(file->raw);
        Bytes plain = inflate(inflater, packed, file->raw);
        atomic_fetch_add(&raw_bytes, plain.count);
        free(plain.bytes);
        free(packed.bytes);
        size_t room = libdeflate_gzip_compress_bound(deflater, file->staged.count);
        char *out = malloc(room);
        size_t count = libdeflate_gzip_compress(deflater, file->staged.bytes, file->staged.count, out, room);
        FILE *target = fopen(file->output, "wb");
        if (!target || fwrite(out, 1, count, target) != count || fclose(target)) fail(file->output, "cannot be written");
        atomic_fetch_add(&staged_bytes, file->staged.count);
        free(out);
    }
    libdeflate_free_decompressor(inflater);
    libdeflate_free_compressor(deflater);
    return unused;
}

// MARK: - Rows

static sqlite3 *open_database(const char *path) {
    sqlite3 *database;
    if (sqlite3_open_v2(path, &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL))
        fail(path, "cannot be opened");
    return database;
}

static void execute(sqlite3 *database, const char *sql) {
    char *message;
    if (sqlite3_exec(database, sql, NULL, NULL, &message)) fail(sql, message);
}

static sqlite3_stmt *prepare(sqlite3 *database, const char *sql) {
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(database, sql, -1, &statement, NULL)) fail(sql, sqlite3_errmsg(database));
    return statement;
}

// Reads all rows of a table in the order in which it is clustered, its generated columns left out.
static void read_table(sqlite3 *database, const char *name) {
    Table *table = &tables[table_count++];
    char columns[4096] = "", places[512] = "", sql[8192];
    snprintf(sql, sizeof sql, "SELECT name FROM pragma_table_info('%s')", name);
    sqlite3_stmt *names = prepare(database, sql);
    for (; sqlite3_step(names) == SQLITE_ROW; table->columns++) {
        strcat(strcat(columns, *columns ? ", " : ""), (const char *)sqlite3_column_text(names, 0));
        strcat(places, *places ? ", ?" : "?");
    }
    sqlite3_finalize(names);
    asprintf(&table->insert, "INSERT INTO %s (%s) VALUES (%s)", name, columns, places);
    snprintf(sql, sizeof sql, "SELECT %s FROM %s", columns, name);
    sqlite3_stmt *rows = prepare(database, sql);
    while (sqlite3_step(rows) == SQLITE_ROW) {
        if (table->rows == table->room) {
            table->room = table->room * 2 + 64;
            table->values = realloc(table->values, table->room * table->columns * sizeof *table->values);
        }
        sqlite3_value **row = table->values + table->rows++ * table->columns;
        for (int column = 0; column < table->columns; column++)
            row[column] = sqlite3_value_dup(sqlite3_column_value(rows, column));
    }
    sqlite3_finalize(rows);
}

// Creates the source's tables and indices in an empty database.
static void copy_schema(sqlite3 *source, sqlite3 *target) {
    sqlite3_stmt *rows = prepare(
        source, "SELECT sql FROM sqlite_master WHERE type IN ('table', 'index') AND sql IS NOT NULL"
                " AND name NOT LIKE 'sqlite_%' ORDER BY rowid");
    while (sqlite3_step(rows) == SQLITE_ROW) execute(target, (const char *)sqlite3_column_text(rows, 0));
    sqlite3_finalize(rows);
}

static void bind(sqlite3_stmt *statement, int place, sqlite3_value *value) {
    switch (sqlite3_value_type(value)) {
    case SQLITE_INTEGER: sqlite3_bind_int64(statement, place, sqlite3_value_int64(value)); break;
    case SQLITE_FLOAT: sqlite3_bind_double(statement, place, sqlite3_value_double(value)); break;
    case SQLITE_NULL: sqlite3_bind_null(statement, place); break;
    default:
        sqlite3_bind_text(
            statement, place, (const char *)sqlite3_value_text(value), sqlite3_value_bytes(value), SQLITE_STATIC);
    }
}

static void *insert_rows(void *database) {
    for (int place = 0; place < table_count; place++) {
        Table *table = &tables[place];
        sqlite3_stmt *insert = prepare(database, table->insert);
        execute(database, "BEGIN");
        for (size_t row = 0; row < table->rows; row++) {
            for (int column = 0; column < table->columns; column++)
                bind(insert, column + 1, table->values[row * table->columns + column]);
            if (sqlite3_step(insert) != SQLITE_DONE) fail(table->insert, sqlite3_errmsg(database));
            sqlite3_reset(insert);
        }
        execute(database, "COMMIT");
        sqlite3_finalize(insert);
    }
    sqlite3_close(database);
    return NULL;
}

int main(int count, char **arguments) {
    if (count != 5) return fprintf(stderr, "usage: limit RAW STAGED WAREHOUSE OUTPUT\n"), 64;
    char path[512];
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    list(arguments[1], arguments[2], arguments[4], 0);
    qsort(files, file_count, sizeof(File), compare_files);
    sqlite3 *source = open_database(arguments[3]);
    snprintf(path, sizeof path, "%s/limit.db", arguments[4]);
    sqlite3 *target = open_database(path);
    execute(
        target, "PRAGMA page_size = 8192; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = TRUNCATE;"
                "PRAGMA synchronous = OFF; PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY");
    copy_schema(source, target);
    sqlite3_stmt *names = prepare(
        source, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid");
    while (sqlite3_step(names) == SQLITE_ROW) read_table(source, (const char *)sqlite3_column_text(names, 0));
    sqlite3_finalize(names);

    double start = now();
    pthread_t threads[3];
    pthread_create(&threads[0], NULL, work_on_files, NULL);
    pthread_create(&threads[1], NULL, work_on_files, NULL);
    pthread_create(&threads[2], NULL, insert_rows, target);
    for (int place = 0; place < 3; place++) pthread_join(threads[place], NULL);
    double seconds = now() - start;

    size_t rows = 0;
    for (int place = 0; place < table_count; place++) rows += tables[place].rows;
    printf(
        "{\"seconds\": %.4f, \"rows\": %zu, \"raw_bytes\": %zu, \"staged_bytes\": %zu}\n", seconds, rows,
        (size_t)raw_bytes, (size_t)staged_bytes);
}
