# gensynth_commit(TARGET): compiles the commit of the working tree into TARGET, as
#   namespace gensynth::build { extern const char* const commit; }
# "" outside a repository; a "+" behind it stands for changes that are not committed. It is read at every build, and
# the source changes only when the commit does. The same file, run as a script, writes the source.

if(CMAKE_SCRIPT_MODE_FILE)
  set(commit "")
  execute_process(COMMAND git -C ${SOURCE} rev-parse --short=12 HEAD OUTPUT_VARIABLE commit ERROR_QUIET
                  OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(commit)
    execute_process(COMMAND git -C ${SOURCE} status --porcelain --untracked-files=no OUTPUT_VARIABLE changes ERROR_QUIET)
    if(changes)
      string(APPEND commit "+")
    endif()
  endif()
  set(text "namespace gensynth::build {
extern const char* const commit;
const char* const commit = \"${commit}\";
}  // namespace gensynth::build
")
  set(known "")
  if(EXISTS ${OUTPUT})
    file(READ ${OUTPUT} known)
  endif()
  if(NOT known STREQUAL text)
    file(WRITE ${OUTPUT} "${text}")
  endif()
  return()
endif()

set(GENSYNTH_COMMIT_SCRIPT ${CMAKE_CURRENT_LIST_FILE} CACHE INTERNAL "Writes the source that has the commit")

function(gensynth_commit target)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/commit.cpp)
  add_custom_target(${target}_commit
    COMMAND ${CMAKE_COMMAND} -DSOURCE=${PROJECT_SOURCE_DIR} -DOUTPUT=${output} -P ${GENSYNTH_COMMIT_SCRIPT}
    BYPRODUCTS ${output}
    COMMENT "")
  target_sources(${target} PRIVATE ${output})
  add_dependencies(${target} ${target}_commit)
endfunction()
