/* A plugin of QEMU's translator (plugin API version 1, which Debian ships without its header; declared here as far as
 * it is used). Counts how often each translated block runs; at exit writes one line for each block that ran to the file
 * that COUNT_BLOCKS_OUT names: address in decimal, executions, instructions, scalar and vector multiply-adds among
 * them. */
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef uint64_t qemu_plugin_id_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
struct qemu_info;
typedef void (*on_translation)(qemu_plugin_id_t, struct qemu_plugin_tb*);
typedef void (*on_exit_of_guest)(qemu_plugin_id_t, void*);
enum { QEMU_PLUGIN_INLINE_ADD_U64 };
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb*);
struct qemu_plugin_insn* qemu_plugin_tb_get_insn(const struct qemu_plugin_tb*, size_t);
uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb*);
char* qemu_plugin_insn_disas(const struct qemu_plugin_insn*);
void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t, on_translation);
void qemu_plugin_register_vcpu_tb_exec_inline(struct qemu_plugin_tb*, int operation, void* counter, uint64_t value);
void qemu_plugin_register_atexit_cb(qemu_plugin_id_t, on_exit_of_guest, void*);

__attribute__((visibility("default"))) int qemu_plugin_version = 1;

struct block {
  uint64_t address, executions;
  size_t instructions, scalar, vector;
  struct block* next;
};
static struct block* blocks;

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb* tb) {
  (void)id;
  struct block* block = calloc(1, sizeof *block);
  if (block == NULL) abort();
  block->address = qemu_plugin_tb_vaddr(tb);
  block->instructions = qemu_plugin_tb_n_insns(tb);
  for (size_t i = 0; i < block->instructions; ++i) {
    char* text = qemu_plugin_insn_disas(qemu_plugin_tb_get_insn(tb, i));
    if (text == NULL) continue;
    if (strstr(text, "fmla") != NULL || strstr(text, "fmls") != NULL) {
      ++block->vector;
    } else if (strstr(text, "fmadd") != NULL || strstr(text, "fmsub") != NULL) {
      ++block->scalar;
    }
    free(text);
  }
  block->next = blocks;
  blocks = block;
  qemu_plugin_register_vcpu_tb_exec_inline(tb, QEMU_PLUGIN_INLINE_ADD_U64, &block->executions, 1);
}

static void ended(qemu_plugin_id_t id, void* unused) {
  (void)id;
  (void)unused;
  const char* path = getenv("COUNT_BLOCKS_OUT");
  FILE* out = path == NULL ? NULL : fopen(path, "w");
  if (out == NULL) return;
  for (const struct block* b = blocks; b != NULL; b = b->next) {
    if (b->executions == 0) continue;
    fprintf(out, "%" PRIu64 " %" PRIu64 " %zu %zu %zu\n", b->address, b->executions, b->instructions, b->scalar,
            b->vector);
  }
  fclose(out);
}

__attribute__((visibility("default"))) int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info* info,
                                                               int argc, char** argv) {
  (void)info;
  (void)argc;
  (void)argv;
  qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
  qemu_plugin_register_atexit_cb(id, ended, NULL);
  return 0;
}
