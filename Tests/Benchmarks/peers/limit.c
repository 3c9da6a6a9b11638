// The limit of `make bench`: what the libraries alone take for the bytes and rows that `reprocess` reads and writes.
//
//     limit --raw RAW --staged STAGED --warehouse FILE --output FOLDER
//
// Before the clock starts, it reads the staged files that `reprocess` made into memory, and all rows of its warehouse.
// Then two threads inflate the raw files, compress the staged bytes once as we do and write them, while a third one
// inserts the rows by sqlite3_bind into the same schema, hour after hour. No JSON is read and nothing is worked out.
// After that, each of the three alone, on one core. It ends with 65 where the new database has other rows than the old.
#define _GNU_SOURCE  // asprintf
#include <dirent.h>
#include <fcntl.h>
#include <isa-l.h>
#include <libdeflate.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { TABLES = 128, LEVEL = 1, HOURS_A_TRANSACTION = 24, WORKERS = 2, USAGE = 64, OTHER_ROWS = 65, BROKEN = 74 };

// Bytes in room that is kept from one file to the next.
typedef struct {
    unsigned char *bytes;
    size_t count, room;
} Buffer;

typedef struct {
    char *raw, *output;
    Buffer staged;  // inflated
} File;

typedef struct {
    union {
        sqlite3_int64 integer;
        double real;
        char *text;
        void *blob;
    };
    int type, count;
} Value;

typedef struct {
    char *name, *insert;
    int columns;
    size_t rows, room;
    sqlite3_int64 *hours;  // in which a row is inserted
    Value *values;         // rows x columns, row after row
} Table;

static File *files;
static size_t file_count;
static Table tables[TABLES];
static int table_count;
static atomic_size_t next_file, raw_bytes, staged_bytes, stored_bytes;

static void fail(const char *what, const char *why) {
    fprintf(stderr, "limit: %s: %s\n", what, why);
    exit(BROKEN);
}

static double clock_seconds(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return time.tv_sec + time.tv_nsec * 1e-9;
}

static double now(void) { return clock_seconds(CLOCK_MONOTONIC); }

// Of all threads together.
static double processor(void) { return clock_seconds(CLOCK_PROCESS_CPUTIME_ID); }

// MARK: - Files

static void reserve(Buffer *buffer, size_t count) {
    if (count > buffer->room && !(buffer->bytes = realloc(buffer->bytes, buffer->room = count * 2)))
        fail("memory", "there is no more");
}

static void read_file(const char *path, Buffer *buffer) {
    int file = open(path, O_RDONLY);
    struct stat status;
    if (file < 0 || fstat(file, &status)) fail(path, "cannot be read");
    reserve(buffer, buffer->count = status.st_size);
    if (read(file, buffer->bytes, buffer->count) != (ssize_t)buffer->count) fail(path, "cannot be read");
    close(file);
}

static void write_file(const char *path, const Buffer *buffer) {
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL, 0644);
    if (file < 0 || write(file, buffer->bytes, buffer->count) != (ssize_t)buffer->count || close(file))
        fail(path, "cannot be written");
}

// Inflates a single gzip member, whose last four bytes say how much it holds.
static void inflate(struct libdeflate_decompressor *inflater, const Buffer *packed, Buffer *plain, const char *path) {
    if (packed->count < 18) fail(path, "is not gzip");
    const unsigned char *end = packed->bytes + packed->count;
    plain->count = end[-4] | end[-3] << 8 | end[-2] << 16 | (size_t)end[-1] << 24;
    reserve(plain, plain->count);
    if (libdeflate_gzip_decompress(inflater, packed->bytes, packed->count, plain->bytes, plain->count, NULL))
        fail(path, "is not one gzip member");
}

static void deflate(const Buffer *plain, Buffer *packed) {
    static _Thread_local unsigned char memory[ISAL_DEF_LVL1_DEFAULT];
    static _Thread_local struct isal_zstream stream;
    reserve(packed, plain->count + plain->count / 8192 + 1024);
    isal_deflate_stateless_init(&stream);
    stream.gzip_flag = IGZIP_GZIP;
    stream.level = LEVEL;
    stream.level_buf = memory;
    stream.level_buf_size = sizeof memory;
    stream.end_of_stream = 1;
    stream.next_in = plain->bytes;
    stream.avail_in = plain->count;
    stream.next_out = packed->bytes;
    stream.avail_out = packed->room;
    if (isal_deflate_stateless(&stream) != COMP_OK) fail("staged bytes", "cannot be compressed");
    packed->count = stream.total_out;
}

static int compare_files(const void *left, const void *right) {
    return strcmp(((const File *)left)->raw, ((const File *)right)->raw);
}

// Finds the files below `raw/<day>/<hour>`, and reads what `staged` has for them.
static void list(const char *raw, const char *staged, const char *output, int depth) {
    static size_t room;
    DIR *folder = opendir(raw);
    if (!folder) fail(raw, "cannot be listed");
    mkdir(output, 0755);
    for (struct dirent *entry; (entry = readdir(folder));) {
        char *below[3];
        if (entry->d_name[0] == '.') continue;
        asprintf(&below[0], "%s/%s", raw, entry->d_name);
        asprintf(&below[1], "%s/%s", staged, entry->d_name);
        asprintf(&below[2], "%s/%s", output, entry->d_name);
        if (depth < 2) {
            list(below[0], below[1], below[2], depth + 1);
        } else if (strstr(entry->d_name, ".ndjson.gz")) {
            if (file_count == room) files = realloc(files, (room = room * 2 + 64) * sizeof(File));
            File *file = &files[file_count++];
            *file = (File){.raw = below[0], .output = below[2]};
            struct libdeflate_decompressor *inflater = libdeflate_alloc_decompressor();
            Buffer packed = {0};
            read_file(below[1], &packed);
            inflate(inflater, &packed, &file->staged, below[1]);
            free(packed.bytes);
            libdeflate_free_decompressor(inflater);
        }
    }
    closedir(folder);
}

// Takes one file after the other until there is none.
static void *work_on_files(void *unused) {
    struct libdeflate_decompressor *inflater = libdeflate_alloc_decompressor();
    Buffer packed = {0}, plain = {0};
    for (size_t place; (place = atomic_fetch_add(&next_file, 1)) < file_count;) {
        File *file = &files[place];
        read_file(file->raw, &packed);
        inflate(inflater, &packed, &plain, file->raw);
        atomic_fetch_add(&raw_bytes, plain.count);
        deflate(&file->staged, &packed);
        write_file(file->output, &packed);
        atomic_fetch_add(&staged_bytes, file->staged.count);
        atomic_fetch_add(&stored_bytes, packed.count);
    }
    return unused;
}

// What one of the three takes alone.
typedef struct {
    double seconds, cpu;
} Alone;

static Alone since(double start, double spent) { return (Alone){now() - start, processor() - spent}; }

static Alone inflate_alone(void) {
    struct libdeflate_decompressor *inflater = libdeflate_alloc_decompressor();
    Buffer packed = {0}, plain = {0};
    double start = now(), spent = processor();
    for (size_t place = 0; place < file_count; place++) {
        read_file(files[place].raw, &packed);
        inflate(inflater, &packed, &plain, files[place].raw);
    }
    return since(start, spent);
}

static Alone deflate_alone(void) {
    Buffer packed = {0};
    double start = now(), spent = processor();
    for (size_t place = 0; place < file_count; place++) deflate(&files[place].staged, &packed);
    return since(start, spent);
}

// MARK: - Rows

static sqlite3 *open_database(const char *path, int flags) {
    sqlite3 *database;
    if (sqlite3_open_v2(path, &database, flags | SQLITE_OPEN_NOMUTEX, NULL)) fail(path, "cannot be opened");
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

static Value copy(sqlite3_stmt *row, int column) {
    Value value = {.type = sqlite3_column_type(row, column)};
    switch (value.type) {
    case SQLITE_INTEGER: value.integer = sqlite3_column_int64(row, column); break;
    case SQLITE_FLOAT: value.real = sqlite3_column_double(row, column); break;
    case SQLITE_TEXT:
        value.text = strdup((const char *)sqlite3_column_text(row, column));
        value.count = sqlite3_column_bytes(row, column);
        break;
    case SQLITE_BLOB:
        value.count = sqlite3_column_bytes(row, column);
        value.blob = memcpy(malloc(value.count + 1), sqlite3_column_blob(row, column), value.count);
    }
    return value;
}

static void bind(sqlite3_stmt *statement, int place, const Value *value) {
    switch (value->type) {
    case SQLITE_INTEGER: sqlite3_bind_int64(statement, place, value->integer); break;
    case SQLITE_FLOAT: sqlite3_bind_double(statement, place, value->real); break;
    case SQLITE_TEXT: sqlite3_bind_text(statement, place, value->text, value->count, SQLITE_STATIC); break;
    case SQLITE_BLOB: sqlite3_bind_blob(statement, place, value->blob, value->count, SQLITE_STATIC); break;
    default: sqlite3_bind_null(statement, place);
    }
}

// Reads all rows of a table, without its generated columns, by hour and then in the order of its key.
static void read_table(sqlite3 *database, const char *name) {
    if (table_count == TABLES) fail(name, "is one table too many");
    Table *table = &tables[table_count++];
    char columns[4096] = "", places[512] = "", key[1024] = "", *sql;
    const char *hour = "0";  // of a table that knows no hours
    asprintf(&sql, "SELECT name FROM pragma_table_info('%s') ORDER BY pk = 0, pk, cid", name);
    for (sqlite3_stmt *names = prepare(database, sql); sqlite3_step(names) == SQLITE_ROW; table->columns++) {
        const char *column = strdup((const char *)sqlite3_column_text(names, 0));
        for (const char **known = (const char *[]){"hour", "valid_from", "day", NULL}; *known; known++)
            if (!strcmp(column, *known)) hour = column;
        strcat(strcat(columns, *columns ? ", " : ""), column);
        strcat(places, *places ? ", ?" : "?");
        snprintf(key + strlen(key), sizeof key - strlen(key), ", %d", table->columns + 2);
    }
    table->name = strdup(name);
    asprintf(&table->insert, "INSERT INTO %s (%s) VALUES (%s)", name, columns, places);
    asprintf(&sql, "SELECT %s, %s FROM %s ORDER BY 1%s", hour, columns, name, key);
    for (sqlite3_stmt *rows = prepare(database, sql); sqlite3_step(rows) == SQLITE_ROW; table->rows++) {
        if (table->rows == table->room) {
            table->room = table->room * 2 + 64;
            table->hours = realloc(table->hours, table->room * sizeof *table->hours);
            table->values = realloc(table->values, table->room * table->columns * sizeof *table->values);
        }
        table->hours[table->rows] = sqlite3_column_int64(rows, 0);
        for (int column = 0; column < table->columns; column++)
            table->values[table->rows * table->columns + column] = copy(rows, column + 1);
    }
}

// A database with our settings, and with the tables and indices of the source.
static sqlite3 *create(sqlite3 *source, const char *path) {
    sqlite3 *target = open_database(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    execute(
        target, "PRAGMA page_size = 8192; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = TRUNCATE;"
                "PRAGMA synchronous = OFF; PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY");
    sqlite3_stmt *rows = prepare(
        source, "SELECT sql FROM sqlite_master WHERE type IN ('table', 'index') AND sql IS NOT NULL"
                " AND name NOT LIKE 'sqlite_%' ORDER BY rowid");
    while (sqlite3_step(rows) == SQLITE_ROW) execute(target, (const char *)sqlite3_column_text(rows, 0));
    return target;
}

// Inserts all rows in the order of hours, parents before children, and closes the database.
static void *insert_rows(void *database) {
    sqlite3_stmt *inserts[TABLES];
    size_t done[TABLES] = {0};
    sqlite3_int64 span = -1;
    for (int place = 0; place < table_count; place++) inserts[place] = prepare(database, tables[place].insert);
    while (1) {
        sqlite3_int64 hour = -1;
        for (int place = 0; place < table_count; place++) {
            Table *table = &tables[place];
            if (done[place] < table->rows && (hour < 0 || table->hours[done[place]] < hour))
                hour = table->hours[done[place]];
        }
        if (hour < 0) break;
        if (hour / 3600 / HOURS_A_TRANSACTION != span) execute(database, span < 0 ? "BEGIN" : "COMMIT; BEGIN");
        span = hour / 3600 / HOURS_A_TRANSACTION;
        for (int place = 0; place < table_count; place++) {
            Table *table = &tables[place];
            for (; done[place] < table->rows && table->hours[done[place]] == hour; done[place]++) {
                const Value *row = table->values + done[place] * table->columns;
                for (int column = 0; column < table->columns; column++) bind(inserts[place], column + 1, row + column);
                if (sqlite3_step(inserts[place]) != SQLITE_DONE) fail(table->insert, sqlite3_errmsg(database));
                sqlite3_reset(inserts[place]);
            }
        }
    }
    execute(database, "COMMIT");
    for (int place = 0; place < table_count; place++) sqlite3_finalize(inserts[place]);
    sqlite3_close(database);
    return NULL;
}

// Counts what a finished database holds; ends when a table has other rows than its source.
static size_t count_rows(const char *path) {
    sqlite3 *database = open_database(path, SQLITE_OPEN_READONLY);
    size_t all = 0;
    for (int place = 0; place < table_count; place++) {
        char *sql;
        asprintf(&sql, "SELECT count(*) FROM %s", tables[place].name);
        sqlite3_stmt *statement = prepare(database, sql);
        sqlite3_step(statement);
        size_t rows = sqlite3_column_int64(statement, 0);
        if (rows != tables[place].rows) {
            fprintf(stderr, "limit: %s: %zu rows of %zu\n", tables[place].name, rows, tables[place].rows);
            exit(OTHER_ROWS);
        }
        all += rows;
        sqlite3_finalize(statement);
    }
    sqlite3_close(database);
    return all;
}

// MARK: - All of it

int main(int count, char **arguments) {
    const char *options[] = {"--raw", "--staged", "--warehouse", "--output"}, *paths[4] = {0};
    for (int place = 1; place + 1 < count; place += 2)
        for (int option = 0; option < 4; option++)
            if (!strcmp(arguments[place], options[option])) paths[option] = arguments[place + 1];
    if (count != 9 || !paths[0] || !paths[1] || !paths[2] || !paths[3])
        return fprintf(stderr, "usage: limit --raw RAW --staged STAGED --warehouse FILE --output FOLDER\n"), USAGE;
    char *together, *alone;
    asprintf(&together, "%s/limit.db", paths[3]);
    asprintf(&alone, "%s/alone.db", paths[3]);

    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);  // as `Warehouse` does
    list(paths[0], paths[1], paths[3], 0);
    qsort(files, file_count, sizeof(File), compare_files);
    sqlite3 *source = open_database(paths[2], SQLITE_OPEN_READONLY);
    sqlite3_stmt *names = prepare(
        source, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid");
    while (sqlite3_step(names) == SQLITE_ROW) read_table(source, (const char *)sqlite3_column_text(names, 0));
    sqlite3 *target = create(source, together);

    pthread_t inserting, working[WORKERS];
    double start = now(), spent = processor();
    pthread_create(&inserting, NULL, insert_rows, target);
    for (int place = 0; place < WORKERS; place++) pthread_create(&working[place], NULL, work_on_files, NULL);
    for (int place = 0; place < WORKERS; place++) pthread_join(working[place], NULL);
    pthread_join(inserting, NULL);
    double seconds = now() - start, cpu = processor() - spent;

    target = create(source, alone);
    start = now(), spent = processor();
    insert_rows(target);
    Alone inserted = since(start, spent), inflated = inflate_alone(), deflated = deflate_alone();
    count_rows(alone);
    printf(
        "{\"seconds\": %.4f, \"cpu_s\": %.4f, \"rows\": %zu, \"raw_bytes\": %zu, \"staged_bytes\": %zu, \"stored_bytes\": %zu, "
        "\"inflate\": [%.4f, %.4f], \"deflate\": [%.4f, %.4f], \"insert\": [%.4f, %.4f], \"sqlite\": \"%s\", \"libdeflate\": \"%s\", \"isal\": \"%d.%d.%d\"}\n",
        seconds, cpu, count_rows(together), (size_t)raw_bytes, (size_t)staged_bytes, (size_t)stored_bytes, inflated.seconds,
        inflated.cpu, deflated.seconds, deflated.cpu, inserted.seconds, inserted.cpu, sqlite3_libversion(), LIBDEFLATE_VERSION_STRING, ISAL_MAJOR_VERSION,
        ISAL_MINOR_VERSION, ISAL_PATCH_VERSION);
}
