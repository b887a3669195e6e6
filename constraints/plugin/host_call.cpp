#include "constraints/plugin/host_call.hpp"

#include <cstring>
#include <utility>

namespace gensynth::plugin {
namespace {

HostCall& call_of(const GensynthHost* host) { return *static_cast<HostCall*>(host->context); }

}  // namespace

HostCall::HostCall(std::string who, std::function<void(const GensynthConstraintKind&)> add)
    : who_(std::move(who)), add_(std::move(add)) {
  table_.version = GENSYNTH_PLUGIN_VERSION;
  table_.size = sizeof table_;
  table_.context = this;
  table_.add_constraint = &HostCall::add_constraint;
  table_.copy_text = &HostCall::copy_text;
  table_.fail = &HostCall::note_failure;
}

void HostCall::fail(const std::string& otherwise) const {
  throw Error(who_ + ": " + (failure_.empty() ? otherwise : failure_));
}

// These three are called by the plugin: nothing may be thrown through it.

int HostCall::add_constraint(const GensynthHost* host, const GensynthConstraintKind* kind) {
  HostCall& call = call_of(host);
  try {
    if (!call.add_) throw Error("constraints can be registered by gensynth_plugin_v1 only");
    if (kind == nullptr) throw Error("add_constraint was called with a null pointer");
    call.add_(*kind);
    return 0;
  } catch (const std::exception& error) {
    call.failure_ = error.what();
    return 1;
  }
}

char* HostCall::copy_text(const GensynthHost* host, const char* text) {
  try {
    if (text == nullptr) return nullptr;
    const std::size_t size = std::strlen(text) + 1;
    auto copy = std::make_unique<char[]>(size);
    std::memcpy(copy.get(), text, size);
    call_of(host).texts_.push_back(std::move(copy));
    return call_of(host).texts_.back().get();
  } catch (const std::exception&) {
    return nullptr;  // out of memory
  }
}

void HostCall::note_failure(const GensynthHost* host, const char* message) {
  try {
    call_of(host).failure_ = message == nullptr ? "failed without a message" : message;
  } catch (const std::exception&) {
    call_of(host).failure_.clear();  // out of memory: `fail` reports without a message
  }
}

}  // namespace gensynth::plugin
