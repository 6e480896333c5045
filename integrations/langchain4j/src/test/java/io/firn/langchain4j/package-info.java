@org.jspecify.annotations.NullMarked
package io.firn.langchain4j;
