#ifndef GENSYNTH_PLUGIN_H
#define GENSYNTH_PLUGIN_H

/* The plugin interface, in C, so that plugins survive other compilers and standard libraries. Plugins in C++ use
 * gensynth_plugin.hpp instead, which hides all of this.
 *
 * A plugin is a shared library that exports
 *     int gensynth_plugin_v1(const GensynthHost* host);
 * The program calls it once; it registers its kinds of constraint by host->add_constraint and returns 0, or it
 * explains by host->fail and returns another number. All text is UTF-8 and ends in a zero byte; JSON texts are
 * described in docs/constraints.md. The library stays loaded as long as anything of it is in use. */

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Of this header. A plugin says which one it was built with, and is refused where the program's differs. Members that
 * are added at the end of a struct do not change it: `size` says which ones the other side has. */
#define GENSYNTH_PLUGIN_VERSION 1u

#if defined(__GNUC__)
#define GENSYNTH_PLUGIN_EXPORT __attribute__((visibility("default")))
#else
#define GENSYNTH_PLUGIN_EXPORT
#endif

typedef struct GensynthHost GensynthHost;

/* One kind of constraint. The program copies the struct and info_json when it is registered. */
typedef struct GensynthConstraintKind {
  uint32_t version;      /* GENSYNTH_PLUGIN_VERSION */
  uint32_t size;         /* sizeof(GensynthConstraintKind) */
  const char* info_json; /* {"name", "summary", "description", "cost_class", "hard", "parameters": [...]} */
  void* context;         /* handed to create; may be null */

  /* A constraint of this kind from its parameters (checked, all present, as a JSON object); null after host->fail. */
  void* (*create)(void* context, const GensynthHost* host, const char* parameters_json);
  /* Judges an architecture: JSON text of the verdict by host->copy_text, or null after host->fail. Called from many
   * threads at once. */
  char* (*check)(void* constraint, const GensynthHost* host, const char* architecture_json, const char* metrics_json);
  void (*destroy)(void* constraint);

  /* Added later: null, or absent where `size` ends before it, and then check is called. Like check, with shape and cost
   * of every vertex: [{"id", "shape", "params", "macs", "output_bytes"}, ...] in the order of the architecture. */
  char* (*check_vertices)(void* constraint, const GensynthHost* host, const char* architecture_json,
                          const char* metrics_json, const char* vertices_json);
} GensynthConstraintKind;

/* sizeof(GensynthConstraintKind) before check_vertices was added: the least that a kind must have. */
#define GENSYNTH_CONSTRAINT_KIND_SIZE_1 ((uint32_t)offsetof(GensynthConstraintKind, check_vertices))

/* What the program offers. Functions may be called during calls from the program only, with the table that the call
 * handed over. */
struct GensynthHost {
  uint32_t version; /* the program's GENSYNTH_PLUGIN_VERSION */
  uint32_t size;    /* sizeof(GensynthHost) there */
  void* context;    /* the program's own */

  /* 0, or another number when the kind is refused; the program reports why. */
  int (*add_constraint)(const GensynthHost* host, const GensynthConstraintKind* kind);
  /* A copy that the program can free; the only way to return text. */
  char* (*copy_text)(const GensynthHost* host, const char* text);
  /* Says why the call fails; the text is copied. */
  void (*fail)(const GensynthHost* host, const char* message);
};

GENSYNTH_PLUGIN_EXPORT int gensynth_plugin_v1(const GensynthHost* host);

#ifdef __cplusplus
}
#endif

#endif /* GENSYNTH_PLUGIN_H */
