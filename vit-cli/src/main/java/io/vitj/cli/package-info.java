/**
 * The command line. {@link io.vitj.cli.VitCommand} is the root; every verb is a class of its own
 * that parses options, calls {@code io.vitj.model} and prints. No arithmetic on tensors happens
 * here.
 */
package io.vitj.cli;
