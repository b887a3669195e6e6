/* A plugin in C. PLUGIN_TROUBLE chooses what is wrong with it, 0 for nothing. */
#include <gensynth_plugin.h>
#include <string.h>

static int made;

static void* create(void* context, const GensynthHost* host, const char* parameters) {
  (void)host;
  (void)parameters;
  return context;
}

static char* check(void* constraint, const GensynthHost* host, const char* architecture, const char* metrics) {
  (void)constraint;
  (void)metrics;
  if (strstr(architecture, "\"silent\"") != NULL) return NULL;
  if (strstr(architecture, "\"garbled\"") != NULL) return host->copy_text(host, "{\"measured\": ");
  if (strstr(architecture, "\"unknown\"") != NULL) return host->copy_text(host, "{\"measure\": 1, \"bound\": 2}");
  return host->copy_text(host, "{\"measured\": 1, \"bound\": 2, \"violation\": 0}");
}

static void destroy(void* constraint) { (void)constraint; }

#if PLUGIN_TROUBLE == 1
GENSYNTH_PLUGIN_EXPORT int gensynth_plugin_v2(const GensynthHost* host);
int gensynth_plugin_v2(const GensynthHost* host) {
#elif PLUGIN_TROUBLE == 2
GENSYNTH_PLUGIN_EXPORT int something_else(const GensynthHost* host);
int something_else(const GensynthHost* host) {
#else
int gensynth_plugin_v1(const GensynthHost* host) {
#endif
  GensynthConstraintKind kind;
  memset(&kind, 0, sizeof kind);
  kind.version = PLUGIN_TROUBLE == 3 ? 7 : GENSYNTH_PLUGIN_VERSION;
  kind.size = sizeof kind;
  kind.info_json = PLUGIN_TROUBLE == 4 ? "{\"nom\": 1}" : "{\"name\": \"in_c\", \"hard\": false}";
  kind.context = &made;
  kind.create = create;
  kind.check = PLUGIN_TROUBLE == 5 ? NULL : check;
  kind.destroy = destroy;
#if PLUGIN_TROUBLE == 8 || PLUGIN_TROUBLE == 9
  /* 8: built with the header before check_vertices, so that what lies behind is not part of the struct. 9: less. */
  kind.size = GENSYNTH_CONSTRAINT_KIND_SIZE_1 - (PLUGIN_TROUBLE == 9 ? 1 : 0);
  memset((char*)&kind + GENSYNTH_CONSTRAINT_KIND_SIZE_1, 0x41, sizeof kind - GENSYNTH_CONSTRAINT_KIND_SIZE_1);
#endif
  if (PLUGIN_TROUBLE == 6) {
    host->fail(host, "no licence");
    return 3;
  }
  if (PLUGIN_TROUBLE == 7) return 0;
  return host->add_constraint(host, &kind);
}
