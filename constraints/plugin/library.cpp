#include "constraints/plugin/library.hpp"

#include <dlfcn.h>

#include <filesystem>

#include "architecture/base/error.hpp"

namespace gensynth::plugin {

Library::Library(const std::string& path) : path_(path), handle_(nullptr) {
  if (!std::filesystem::exists(path)) throw Error("plugin " + path + ": no such file");
  handle_ = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle_ == nullptr) {
    const char* reason = ::dlerror();
    throw Error("plugin " + path +
                ": cannot be loaded as a shared library: " + (reason == nullptr ? "no reason given" : reason));
  }
}

Library::~Library() { ::dlclose(handle_); }

void* Library::find(const std::string& symbol) const { return ::dlsym(handle_, symbol.c_str()); }

}  // namespace gensynth::plugin
