package io.klingdrop.camel;

/**
 * How a consumer claims.
 *
 * @param bean the name of the bean that claims
 * @param method its method, without arguments, which answers a collection
 * @param as the exchange property that keeps what was claimed
 * @param workers how many are worked on at the same time
 */
record Claim(String bean, String method, String as, int workers) {}
